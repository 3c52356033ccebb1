using System.Text.Json;
using BatchEmulator.Core;

namespace BatchEmulator.Server.Settings;

/// <summary>Finds the value of a setting: on the command line, else in the environment, else in the configuration file.</summary>
internal sealed class SettingSource(
    Func<SettingDefinition, IReadOnlyList<string>> commandLine,
    Func<string, string?> environment,
    IReadOnlyDictionary<string, IReadOnlyList<string>> file)
{
    /// <summary>Returns true if a value was given, so that the default does not apply.</summary>
    public bool IsGiven(string name) => Values(SettingDefinition.All.Single(s => s.Name == name)).Count > 0;

    public IReadOnlyList<string> Values(SettingDefinition setting)
    {
        var given = commandLine(setting);
        if (given.Count > 0)
        {
            return given;
        }

        if (environment(setting.Variable) is { Length: > 0 } variable)
        {
            return setting.IsRepeatable ? variable.Split(';', StringSplitOptions.RemoveEmptyEntries) : [variable];
        }

        return file.GetValueOrDefault(setting.Name) ?? [];
    }

    /// <summary>
    /// Reads a configuration file: one JSON object, a member for each setting, an array where several values can be given.
    /// </summary>
    /// <exception cref="SettingsException">The file cannot be read, or has a member that is no setting.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> ReadFile(string? path)
    {
        if (path is null)
        {
            return new Dictionary<string, IReadOnlyList<string>>();
        }

        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(path), new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            return document.RootElement.EnumerateObject().ToDictionary(m => Known(m.Name, path), Values, StringComparer.Ordinal);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The configuration file {path} cannot be read: {exception.Message}");
        }
    }

    private static string Known(string name, string path) => SettingDefinition.All.Any(s => s.Name == name)
        ? name
        : throw new SettingsException($"The configuration file {path} says \"{name}\", which is not a setting.");

    private static IReadOnlyList<string> Values(JsonProperty member) => member.Value.ValueKind == JsonValueKind.Array
        ? [.. member.Value.EnumerateArray().Select(v => v.ToString())]
        : [member.Value.ToString()];
}

/// <summary>A setting is invalid; the message is one line for the user.</summary>
internal sealed class SettingsException(string message) : StartException(message);
