using System.CommandLine;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Commands;

/// <summary>Command-line options of the settings, and of the configuration file that may hold them.</summary>
internal sealed class SettingOptions
{
    private readonly Dictionary<SettingDefinition, Option> _options = SettingDefinition.All.ToDictionary(setting => setting, OptionOf);

    private readonly Option<string> _config = new("--config")
    {
        Description = "Configuration file: a JSON object with a member for each setting",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>Adds the options to a command and its subcommands.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        foreach (var option in _options.Values)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Finds the texts of settings on the command line, in the environment and in the configuration file.</summary>
    /// <exception cref="SettingsException">The configuration file cannot be read.</exception>
    public SettingSource SourceOf(ParseResult result)
    {
        var path = result.GetValue(_config) ?? Environment.GetEnvironmentVariable("BATCH_EMULATOR_CONFIG");
        return new(setting => Given(result, _options[setting]), Environment.GetEnvironmentVariable, SettingSource.ReadFile(path));
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
        null or { Implicit: true } => [],
        var given when option is Option<bool> flag => [given.GetValue(flag) ? "true" : "false"],
        { } given => given.GetValue((Option<string[]>)option) ?? [],
    };
}
