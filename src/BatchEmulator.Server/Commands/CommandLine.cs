using System.CommandLine;
using BatchEmulator.Core;
using BatchEmulator.Server.Demo;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Commands;

/// <summary>The command line: <c>batch-emulator [options]</c> and <c>batch-emulator demo [options]</c>.</summary>
internal static class CommandLine
{
    private const int BadUsage = 2;

    public static async Task<int> RunAsync(string[] args, Func<ServerSettings, Task<int>> serve, Func<ServerSettings, TourOptions, Task<int>> demo)
    {
        var options = SettingDefinition.All.ToDictionary(s => s, OptionOf);
        var config = new Option<string>("--config") { Description = "Configuration file: a JSON object with a member for each setting", HelpName = "FILE", Recursive = true };
        var root = new RootCommand("AWS Batch on your own machine: speaks the AWS Batch protocol, schedules, and runs the jobs. Every option can also be set as an environment variable, BATCH_EMULATOR_NAME, or in the configuration file.");
        root.Options.Add(config);
        foreach (var option in options.Values)
        {
            root.Options.Add(option);
        }

        var once = new Option<bool>("--once") { Description = "End after the tour instead of leaving the server running" };
        var demoCommand = new Command("demo", "A guided first run: creates an environment, a queue and definitions, submits jobs, shows them live, and leaves the server running. Keeps nothing unless --data is given, and takes a free port if the default one is in use.");
        demoCommand.Options.Add(once);
        root.Subcommands.Add(demoCommand);
        root.SetAction((result, _) => RunAsync(result, options, config, (settings, _) => serve(settings)));
        demoCommand.SetAction((result, _) => RunAsync(
            result, options, config, (settings, source) => demo(settings, new TourOptions(result.GetValue(once), source.IsGiven))));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            return Refuse($"{parsed.Errors[0].Message} See --help.");
        }

        // The server handles Ctrl-C and SIGTERM itself, in its own order.
        return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false });
    }

    private static async Task<int> RunAsync(
        ParseResult result, Dictionary<SettingDefinition, Option> options, Option<string> config, Func<ServerSettings, SettingSource, Task<int>> run)
    {
        try
        {
            var path = result.GetValue(config) ?? Environment.GetEnvironmentVariable("BATCH_EMULATOR_CONFIG");
            var source = new SettingSource(s => Given(result, options[s]), Environment.GetEnvironmentVariable, SettingSource.ReadFile(path));
            return await run(ServerSettings.Read(source), source);
        }
        catch (StartException exception)
        {
            return Refuse(exception.Message);
        }
    }

    private static int Refuse(string line)
    {
        Console.Error.WriteLine($"batch-emulator: {line}");
        return BadUsage;
    }

    private static Option OptionOf(SettingDefinition setting)
    {
        var description = $"{setting.Description} [default: {setting.Default}]";
        return setting.IsSwitch
            ? new Option<bool>(setting.Option) { Description = description, Recursive = true }
            : new Option<string[]>(setting.Option)
            {
                Description = description,
                HelpName = setting.Value!,
                Recursive = true,
                Arity = ArgumentArity.OneOrMore,
                AllowMultipleArgumentsPerToken = false,
            };
    }

    private static IReadOnlyList<string> Given(ParseResult result, Option option) => result.GetResult(option) switch
    {
        null => [],
        var given when option is Option<bool> flag => [given.GetValue(flag) ? "true" : "false"],
        { } given => given.GetValue((Option<string[]>)option) ?? [],
    };
}
