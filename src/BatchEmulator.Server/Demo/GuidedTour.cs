using BatchEmulator.Contract.Batch;
using BatchEmulator.Server.Composition;
using BatchEmulator.Server.Settings;
using Spectre.Console;

namespace BatchEmulator.Server.Demo;

/// <summary>
/// <c>batch-emulator demo</c>: a server with a first pipeline that is run over the wire; it keeps running for exploration.
/// </summary>
internal static class GuidedTour
{
    private const int Failed = 1;

    /// <returns>The exit code: 0 also if the user ended the tour early.</returns>
    /// <exception cref="SettingsException">The server cannot be started with the settings.</exception>
    public static async Task<int> RunAsync(ServerSettings settings, TourOptions options, CancellationToken stop)
    {
        settings = await TourSettings.ChooseAsync(settings, options, Console.WriteLine);
        await using var server = await EmulatorServer.StartAsync(settings, stop);
        var listening = new Uri(server.Address);
        var address = ReachableAddress.Of(listening.DnsSafeHost, listening.Port);
        var data = settings.Ephemeral ? "keeps nothing" : $"data in {settings.Data}";
        Console.WriteLine(
            $"Batch Emulator listens on {address.GetLeftPart(UriPartial.Authority)} (executor {server.ExecutorName}, {data})");
        Console.WriteLine();

        using var ending = new CancellationTokenSource();
        var ended = EndedAsync(server, ending);
        var succeeded = await TakeAsync(address, server.ExecutorName, settings, options, ending.Token);
        if (options.Once)
        {
            await server.StopAsync();
        }
        else if (!ending.IsCancellationRequested)
        {
            Console.WriteLine("The server keeps running: Ctrl-C ends it.");
        }

        await ended;
        return server.HasFailed || (options.Once && !succeeded) ? Failed : 0;
    }

    /// <returns>True if every job of the tour succeeded.</returns>
    private static async Task<bool> TakeAsync(
        Uri address, string executor, ServerSettings settings, TourOptions options, CancellationToken cancellationToken)
    {
        var isLive = !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;
        using var client = new TourClient(address);
        ITourProgress progress = isLive
            ? new LiveProgress(client, AnsiConsole.Console, TimeProvider.System)
            : new LineProgress(Console.Out);
        try
        {
            var tour = new Tour(client, progress, new TourRequests(executor), Console.Out);
            var jobs = await tour.RunAsync(cancellationToken);
            if (!options.Once)
            {
                await tour.ExplainAsync(address, settings.Region, jobs);
            }

            return jobs.All(job => job.Status == JobStatus.Succeeded);
        }
        catch (Exception exception)
            when (cancellationToken.IsCancellationRequested
                && exception is OperationCanceledException or HttpRequestException or IOException or TourException)
        {
            return true;
        }
        catch (TourException exception)
        {
            await Console.Error.WriteLineAsync($"batch-emulator: the tour cannot continue: {exception.Message}");
            return false;
        }
    }

    /// <summary>Ctrl-C and SIGTERM end the tour with the server.</summary>
    private static async Task EndedAsync(EmulatorServer server, CancellationTokenSource ending)
    {
        using var registration = server.Stopping.Register(ending.Cancel);
        await server.WaitAsync();
    }
}
