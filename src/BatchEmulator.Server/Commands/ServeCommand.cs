using System.CommandLine;
using BatchEmulator.Hosting.Control;
using BatchEmulator.Server.Composition;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Commands;

/// <summary><c>batch-emulator</c> without a command: runs the server until it is stopped.</summary>
internal static class ServeCommand
{
    private const int Failed = 1;

    public static RootCommand Create(SettingOptions options)
    {
        var command = new RootCommand(
            "AWS Batch on your own machine: speaks the AWS Batch protocol, schedules, and runs the jobs. Every option can also be set as "
            + "an environment variable, BATCH_EMULATOR_NAME, or in the configuration file.");
        command.SetAction(options, (settings, _, _, stop) => ServeAsync(settings, stop));
        return command;
    }

    private static async Task<int> ServeAsync(ServerSettings settings, CancellationToken stop)
    {
        await using var server = await EmulatorServer.StartAsync(settings, stop);
        var data = settings.Ephemeral ? "ephemeral" : settings.Data;
        Console.WriteLine(
            $"Batch Emulator {ControlEndpoint.Version} listening on {server.Address} (executor {server.ExecutorName}, data {data})");
        await server.WaitAsync();
        return server.HasFailed ? Failed : 0;
    }
}
