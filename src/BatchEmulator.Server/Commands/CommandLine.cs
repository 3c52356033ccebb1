using System.CommandLine;
using BatchEmulator.Core;
using BatchEmulator.Server.Composition;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Commands;

/// <summary>The command line: <c>batch-emulator [command] [options]</c>.</summary>
internal static class CommandLine
{
    private const int BadUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var options = new SettingOptions();
        var root = ServeCommand.Create(options);
        options.AddTo(root);
        root.Subcommands.Add(DemoCommand.Create(options));
        root.Subcommands.Add(HealthCommand.Create(options));
        root.Subcommands.Add(ExplainCommand.Create(options));
        root.Subcommands.Add(CostCommand.Create(options));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Refuse($"{parsed.Errors[0].Message} See --help.");
        }

        // Each command handles Ctrl-C and SIGTERM itself.
        return await parsed.InvokeAsync(
            new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    /// <summary>Runs a command with the settings of its command line; a refused start is reported in one line.</summary>
    public static void SetAction(this Command command, SettingOptions options, SettingsAction run) =>
        command.SetAction(async (result, _) =>
        {
            using var signals = new StopSignals();
            try
            {
                var source = options.SourceOf(result);
                return await run(ServerSettings.Read(source), source, result, signals.Received);
            }
            catch (StartException exception)
            {
                return Refuse(exception.Message);
            }
            catch (OperationCanceledException) when (signals.Received.IsCancellationRequested)
            {
                // The signal came while the server started.
                return 0;
            }
        });

    private static int Refuse(string line)
    {
        Console.Error.WriteLine($"batch-emulator: {line}");
        return BadUsage;
    }
}

/// <summary>Action of a command.</summary>
/// <param name="settings">The settings.</param>
/// <param name="source">Source of the settings.</param>
/// <param name="result">The command line.</param>
/// <param name="stop">Cancelled by a signal that asks the process to end.</param>
/// <returns>The exit code.</returns>
internal delegate Task<int> SettingsAction(ServerSettings settings, SettingSource source, ParseResult result, CancellationToken stop);
