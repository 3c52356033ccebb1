using System.Globalization;
using System.Xml;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>Reads durations.</summary>
internal static class DurationText
{
    /// <summary>
    /// Reads seconds (<c>1.5</c>), a number with a unit (<c>200ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>) or ISO 8601 (<c>PT1M30S</c>).
    /// </summary>
    /// <returns>The duration; null if the text is none of these, or negative.</returns>
    public static TimeSpan? Parse(string text)
    {
        text = text.Trim();
        if (text.StartsWith('P'))
        {
            try
            {
                return NotNegative(XmlConvert.ToTimeSpan(text));
            }
            catch (Exception exception) when (exception is FormatException or OverflowException)
            {
                return null;
            }
        }

        var digits = text.TrimEnd([.. "msh"]);
        double? unit = text[digits.Length..] switch
        {
            "" or "s" => 1,
            "ms" => 0.001,
            "m" => 60,
            "h" => 3600,
            _ => null,
        };
        return unit is not null && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? OfSeconds(number * unit.Value)
            : null;
    }

    /// <returns>The duration; null if it is negative or out of range.</returns>
    public static TimeSpan? OfSeconds(double seconds) =>
        seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

    private static TimeSpan? NotNegative(TimeSpan duration) => duration < TimeSpan.Zero ? null : duration;
}
