using System.Net;
using System.Net.Sockets;
using BatchEmulator.Executors.Docker.Connection;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Demo;

/// <summary>Fills in what the user left open so that the tour works on any machine, and leaves nothing behind.</summary>
internal static class TourSettings
{
    private static readonly TimeSpan PullPatience = TimeSpan.FromSeconds(8);

    /// <param name="settings">As the user gave them.</param>
    /// <param name="options">What of them the user gave.</param>
    /// <param name="say">Tells the user what was chosen for them.</param>
    public static async Task<ServerSettings> ChooseAsync(ServerSettings settings, TourOptions options, Action<string> say) => settings with
    {
        Ephemeral = settings.Ephemeral || !options.IsGiven("data"),
        Port = options.IsGiven("port") || IsFree(settings.Host, settings.Port) ? settings.Port : 0,
        // The table of the jobs has the terminal for itself.
        LogLevel = options.IsGiven("log-level") ? settings.LogLevel : LogLevel.Warning,
        Executor = settings.Executor switch
        {
            "auto" => await ChooseExecutorAsync("No container engine answers", say),
            // Without an engine the start itself fails, and says so.
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

        // The commands of the tour are for a Unix shell.
        var (executor, meaning) = OperatingSystem.IsWindows()
            ? ("simulated", "the jobs of this demo are simulated")
            : ("process", "the jobs of this demo run as processes of this machine");
        say($"{problem}: {meaning} (--executor {executor}).");
        return executor;
    }

    /// <returns>Why containers cannot run the tour; null when they can.</returns>
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

    /// <returns>Why the image of the tour cannot be had; null when it is there.</returns>
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
