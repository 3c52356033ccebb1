using System.Net;
using System.Net.Sockets;
using BatchEmulator.Executors.Docker.Connection;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Demo;

/// <summary>Completes the settings so that the tour works on any machine, and leaves nothing behind.</summary>
internal static class TourSettings
{
    private static readonly TimeSpan PullPatience = TimeSpan.FromSeconds(8);

    /// <param name="settings">Settings of the user.</param>
    /// <param name="options">Options of the tour.</param>
    /// <param name="say">Prints a choice that was made for the user.</param>
    public static async Task<ServerSettings> ChooseAsync(ServerSettings settings, TourOptions options, Action<string> say) => settings with
    {
        Ephemeral = settings.Ephemeral || !options.IsGiven("data"),
        Port = options.IsGiven("port") || IsFree(settings.Host, settings.Port) ? settings.Port : 0,
        // The table of the jobs occupies the whole terminal.
        LogLevel = options.IsGiven("log-level") ? settings.LogLevel : LogLevel.Warning,
        Executor = settings.Executor switch
        {
            "auto" => await ChooseExecutorAsync("No container engine answers", say),
            // Without an engine the start itself fails with a message.
            "docker" => await ChooseExecutorAsync(withoutEngine: null, say),
            var named => named,
        },
    };

    private static async Task<string> ChooseExecutorAsync(string? withoutEngine, Action<string> say)
    {
        if (await EngineProblemAsync(withoutEngine, say) is not { } problem)
        {
            return "docker";
        }

        // The commands of the tour require a Unix shell.
        var (executor, meaning) = OperatingSystem.IsWindows()
            ? ("simulated", "the jobs of this demo are simulated")
            : ("process", "the jobs of this demo run as processes of this machine");
        say($"{problem}: {meaning} (--executor {executor}).");
        return executor;
    }

    /// <returns>Reason for which containers cannot run the tour; null if they can.</returns>
    private static async Task<string?> EngineProblemAsync(string? withoutEngine, Action<string> say)
    {
        try
        {
            using var engine = await DockerSearch.FindAsync();
            return await ImageProblemAsync(engine, say);
        }
        catch (NoDockerEngineException)
        {
            return withoutEngine;
        }
    }

    /// <returns>Reason for which the image of the tour is unavailable; null if it is present.</returns>
    private static async Task<string?> ImageProblemAsync(DockerEngine engine, Action<string> say)
    {
        using var patience = new CancellationTokenSource(PullPatience);
        try
        {
            if (!await engine.HasImageAsync(TourRequests.Image, patience.Token))
            {
                say($"Pulling the image {TourRequests.Image} ...");
                await engine.PullAsync(TourRequests.Image, patience.Token);
            }

            return null;
        }
        catch (OperationCanceledException)
        {
            return $"The image {TourRequests.Image} is not here and was not pulled within {PullPatience.TotalSeconds} seconds";
        }
        catch (Exception exception) when (exception is DockerRefusedException or DockerUnreachableException)
        {
            return $"The image {TourRequests.Image} is not here and cannot be pulled ({exception.Message.ReplaceLineEndings(" ").Trim()})";
        }
    }

    private static bool IsFree(string host, int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.TryParse(host, out var address) ? address : IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
