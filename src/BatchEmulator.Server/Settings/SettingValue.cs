using System.Globalization;

namespace BatchEmulator.Server.Settings;

/// <summary>Value of a setting: the last given one, or the default. Each conversion refuses invalid texts.</summary>
/// <param name="setting">The setting.</param>
/// <param name="given">Texts that were given; none for the default.</param>
internal sealed class SettingValue(SettingDefinition setting, IReadOnlyList<string> given)
{
    /// <summary>All given texts.</summary>
    public IReadOnlyList<string> Texts => given;

    public string Text => given is [.., var last] ? last : setting.Default;

    /// <exception cref="SettingsException">The value is neither on nor off.</exception>
    public bool Switch => Text switch
    {
        "true" or "True" or "1" or "on" => true,
        "false" or "False" or "0" or "off" => false,
        _ => throw Bad("true or false"),
    };

    /// <summary>Returns a URL; null if none was given.</summary>
    /// <exception cref="SettingsException">The value is not a URL of HTTP.</exception>
    public Uri? Url => given.Count == 0 ? null
        : Uri.TryCreate(Text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url
        : throw Bad("a URL such as http://127.0.0.1:4566/");

    /// <exception cref="SettingsException">A text has no name or no equals sign.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Variables => [.. given.Select(Variable)];

    /// <exception cref="SettingsException">The value is none of the words.</exception>
    public string OneOf(IReadOnlyList<string> words) => Matching(words.Contains, $"one of {string.Join(", ", words)}");

    /// <exception cref="SettingsException">The value is invalid.</exception>
    public string Matching(Func<string, bool> isValid, string expected) => isValid(Text) ? Text : throw Bad(expected);

    /// <exception cref="SettingsException">The value is not a number in this range.</exception>
    public long Integer(long minimum, long maximum, long? fallback = null) =>
        given.Count == 0 && fallback is { } value ? value
        : long.TryParse(Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
        : throw Bad($"a whole number from {minimum} to {maximum}");

    /// <exception cref="SettingsException">The value is not a number in this range.</exception>
    public decimal Number(decimal minimum, decimal maximum, decimal? fallback = null) =>
        given.Count == 0 && fallback is { } value ? value
        : decimal.TryParse(Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= minimum
            && number <= maximum
            ? number
        : throw Bad($"a number from {minimum} to {maximum}");

    private KeyValuePair<string, string> Variable(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? new(text[..equals], text[(equals + 1)..]) : throw Bad(setting.Value!, text);
    }

    private SettingsException Bad(string expected, string? text = null) =>
        new($"{setting.Option} must be {expected}, got \"{text ?? Text}\".");
}
