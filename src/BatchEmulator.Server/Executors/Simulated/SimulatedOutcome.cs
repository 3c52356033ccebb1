using System.Globalization;
using System.Xml;
using BatchEmulator.Core.Ports;

namespace BatchEmulator.Server.Executors.Simulated;

/// <summary>What a simulated attempt does.</summary>
internal sealed record SimulatedOutcome
{
    public TimeSpan RunFor { get; init; }

    public int ExitCode { get; init; }

    /// <summary>The container's reason, e.g. <c>OutOfMemoryError: Container killed due to memory usage</c>.</summary>
    public string? Reason { get; init; }

    /// <summary>Lines that it writes as soon as it runs.</summary>
    public IReadOnlyList<string> Output { get; init; } = [];

    /// <summary>It does not start, for this reason.</summary>
    public string? StartFailure { get; init; }

    /// <summary>
    /// Reads <c>SIMULATE_RUN_FOR</c>, <c>SIMULATE_EXIT_CODE</c>, <c>SIMULATE_REASON</c> and <c>SIMULATE_OUTPUT</c> from the environment
    /// of the container whose end ends the attempt. Without them it succeeds at once.
    /// </summary>
    public static SimulatedOutcome Of(AttemptLaunch launch)
    {
        var outcome = new SimulatedOutcome();
        var decisive = launch.Containers.FirstOrDefault(container => container.Essential) ?? launch.Containers[0];
        foreach (var (name, value) in decisive.Environment)
        {
            if (name.StartsWith("SIMULATE_", StringComparison.Ordinal))
            {
                outcome = outcome.With(name, value);
            }
        }

        return outcome;
    }

    /// <summary>Seconds (<c>1.5</c>), a number with a unit (<c>200ms</c>, <c>1.5s</c>, <c>2m</c>, <c>1h</c>) or ISO 8601 (<c>PT1M30S</c>).</summary>
    /// <returns>Null if it is none of these, or negative.</returns>
    public static TimeSpan? ParseDuration(string text)
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
        double? seconds = text[digits.Length..] switch
        {
            "" or "s" => 1,
            "ms" => 0.001,
            "m" => 60,
            "h" => 3600,
            _ => null,
        };
        return seconds is not null
            && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * seconds < TimeSpan.MaxValue.TotalSeconds
                ? TimeSpan.FromSeconds(number * seconds.Value)
                : null;
    }

    private static TimeSpan? NotNegative(TimeSpan duration) => duration < TimeSpan.Zero ? null : duration;

    private SimulatedOutcome With(string name, string value) => name switch
    {
        "SIMULATE_RUN_FOR" => ParseDuration(value) is { } duration
            ? this with { RunFor = duration }
            : Refused(name, value, "a duration such as 90, 1.5s, 200ms or PT1M30S"),
        "SIMULATE_EXIT_CODE" => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code <= byte.MaxValue
            ? this with { ExitCode = code }
            : Refused(name, value, "an exit code from 0 to 255"),
        "SIMULATE_REASON" => this with { Reason = value },
        "SIMULATE_OUTPUT" => this with { Output = value.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n') },
        _ => this,
    };

    private SimulatedOutcome Refused(string name, string value, string expected) =>
        this with { StartFailure = $"CannotStartContainerError: {name} is '{value}', but {expected} is expected" };
}
