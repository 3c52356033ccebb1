using System.Globalization;
using System.Text.Json;
using BatchEmulator.Core;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>
/// Change of the clock: <c>{"pause": true|false}</c>, <c>{"advance": duration}</c>, <c>{"jump": time}</c>; a pause can be combined with
/// either of the others.
/// </summary>
internal sealed record ClockChange(bool? Pause, TimeSpan? Advance, DateTimeOffset? Jump)
{
    private const DateTimeStyles Utc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;

    private static readonly string[] TimeForms =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd"];

    /// <exception cref="ClientException">The change is invalid.</exception>
    public static ClockChange Parse(JsonElement body)
    {
        var change = new ClockChange(null, null, null);
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw ClientException.Refused("The body must be an object with pause, advance or jump.");
        }

        foreach (var member in body.EnumerateObject())
        {
            change = member.Name switch
            {
                "pause" => change with { Pause = Flag(member.Value) },
                "advance" => change with { Advance = Duration(member.Value) },
                "jump" => change with { Jump = Time(member.Value) },
                _ => throw ClientException.Refused($"The member {member.Name} is unknown; there are pause, advance and jump."),
            };
        }

        return change switch
        {
            { Pause: null, Advance: null, Jump: null } => throw ClientException.Refused("Nothing to do: give pause, advance or jump."),
            { Advance: not null, Jump: not null } => throw ClientException.Refused("Give advance or jump, not both."),
            _ => change,
        };
    }

    /// <exception cref="ClientException">The time would be in the past, or too far in the future.</exception>
    public DateTimeOffset TargetFrom(DateTimeOffset now)
    {
        if (Jump < now)
        {
            throw ClientException.Refused(
                $"The clock does not go back: it is {now.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}, and jump is earlier.");
        }

        if (Jump > TimeTravel.Latest || Advance > TimeTravel.Latest - now)
        {
            throw ClientException.Refused($"The clock does not go beyond {TimeTravel.Latest:yyyy-MM-dd}.");
        }

        return Jump ?? now + (Advance ?? TimeSpan.Zero);
    }

    private static bool Flag(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw ClientException.Refused("pause must be true or false."),
    };

    private static TimeSpan Duration(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => DurationText.OfSeconds(value.GetDouble()),
        JsonValueKind.String => DurationText.Parse(value.GetString()!),
        _ => null,
    } ?? throw ClientException.Refused("advance must be a duration that is not negative: seconds, or a text such as 90s, 1.5h or PT8H.");

    private static DateTimeOffset Time(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String
            && DateTimeOffset.TryParseExact(value.GetString(), TimeForms, CultureInfo.InvariantCulture, Utc, out var time))
        {
            return time;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var milliseconds)
            && milliseconds >= 0 && milliseconds <= TimeTravel.Latest.ToUnixTimeMilliseconds()
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : throw ClientException.Refused(
                    "jump must be a time such as 2026-12-01T00:00:00Z, or milliseconds since 1970, up to the year 3000.");
    }
}
