using System.CommandLine;
using BatchEmulator.Core;
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
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Refuse($"{parsed.Errors[0].Message} See --help.");
        }

        // The server handles Ctrl-C and SIGTERM itself, in its own order.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    /// <summary>Lets a command run with the settings of its command line; a start that is refused is one line for the user.</summary>
    public static void SetAction(this Command command, SettingOptions options, Func<ServerSettings, SettingSource, ParseResult, Task<int>> run) =>
        command.SetAction(async (result, _) =>
        {
            try
            {
                var source = options.SourceOf(result);
                return await run(ServerSettings.Read(source), source, result);
            }
            catch (StartException exception)
            {
                return Refuse(exception.Message);
            }
        });

    private static int Refuse(string line)
    {
        Console.Error.WriteLine($"batch-emulator: {line}");
        return BadUsage;
    }
}
