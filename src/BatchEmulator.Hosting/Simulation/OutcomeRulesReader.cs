using System.Text.Json;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Hosting.Simulation;

/// <summary>Reads outcome rules: strictly, since a misspelt member would silently change the meaning of a rule.</summary>
internal static class OutcomeRulesReader
{
    private const int MaximumRules = 1_000;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <param name="body">An array of rules, or an object with the only member <c>rules</c>.</param>
    /// <param name="json">The rules as an object.</param>
    /// <exception cref="OutcomeRulesException">The rules are invalid.</exception>
    public static IReadOnlyList<OutcomeRule> Read(byte[] body, out byte[] json)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            var list = document.RootElement;
            if (list.ValueKind == JsonValueKind.Object)
            {
                foreach (var member in list.EnumerateObject())
                {
                    Require(member.Name == "rules", member.Name, "is unknown; an object has the only member rules");
                }

                Require(list.TryGetProperty("rules", out list), "rules", "is missing");
            }

            Require(list.ValueKind == JsonValueKind.Array, "rules", "must be an array");
            Require(list.GetArrayLength() <= MaximumRules, "rules", $"must be at most {MaximumRules}");
            json = [.. "{\"rules\":"u8, .. System.Text.Encoding.UTF8.GetBytes(list.GetRawText()), .. "}"u8];
            return [.. list.EnumerateArray().Select((rule, index) => Rule(rule, $"rules[{index}]"))];
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // An escaped half of a surrogate pair is found only when its text is read, as an invalid operation.
            throw new OutcomeRulesException($"The body is not JSON as expected: {exception.Message}");
        }
    }

    private static OutcomeRule Rule(JsonElement element, string path)
    {
        Require(element.ValueKind == JsonValueKind.Object, path, "must be an object");
        var rule = new OutcomeRule { Outcome = SimulatedOutcome.Default };
        foreach (var member in element.EnumerateObject())
        {
            var place = $"{path}.{member.Name}";
            rule = member.Name == "match" ? Match(rule, member.Value, place) : rule with { Outcome = Outcome(rule.Outcome, member, place) };
        }

        return rule;
    }

    private static OutcomeRule Match(OutcomeRule rule, JsonElement element, string path)
    {
        Require(element.ValueKind == JsonValueKind.Object, path, "must be an object");
        foreach (var member in element.EnumerateObject())
        {
            var (value, place) = (member.Value, $"{path}.{member.Name}");
            rule = member.Name switch
            {
                "jobName" => rule with { JobName = Wildcard.Anywhere(Text(value, place)) },
                "jobQueue" => rule with { JobQueue = Wildcard.Anywhere(Text(value, place)) },
                "jobDefinition" => rule with { JobDefinition = Wildcard.Anywhere(Text(value, place)) },
                "arrayIndex" => rule with { ArrayIndex = Number(value, 0, 9_999, place, "a whole number from 0 to 9999") },
                "attempt" =>
                    rule with { Attempt = Number(value, 1, SimulatedOutcome.MaximumAttempts, place, "a whole number from 1 to 10") },
                _ => throw Bad(place, "is unknown; a match has jobName, jobQueue, jobDefinition, arrayIndex and attempt"),
            };
        }

        return rule;
    }

    private static SimulatedOutcome Outcome(SimulatedOutcome outcome, JsonProperty member, string path)
    {
        var value = member.Value;
        return member.Name switch
        {
            "runFor" => outcome with { RunFor = Duration(value, path) },
            "startAfter" => outcome with { StartAfter = Duration(value, path) },
            "exitCode" => outcome with { ExitCode = Number(value, 0, byte.MaxValue, path, SimulatedOutcome.ExitCodeForm) },
            "reason" => outcome with { Reason = Text(value, path) },
            "output" => outcome with { Output = Lines(value, path) },
            "failToStart" => outcome with { FailToStart = Text(value, path) },
            "hostLost" => outcome with { HostLost = Flag(value, path) },
            "hold" => outcome with
            {
                Hold = SimulatedOutcome.ParseHold(Text(value, path)) ?? throw Bad(path, $"must be {SimulatedOutcome.HoldForm}"),
            },
            "failFirstAttempts" =>
                outcome with { FailFirstAttempts = Number(value, 0, SimulatedOutcome.MaximumAttempts, path, SimulatedOutcome.CountForm) },
            _ => throw Bad(
                path,
                "is unknown; a rule has match, runFor, startAfter, exitCode, reason, output, "
                    + "failToStart, hostLost, hold and failFirstAttempts"),
        };
    }

    private static TimeSpan Duration(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Number => DurationText.OfSeconds(value.GetDouble()),
        JsonValueKind.String => DurationText.Parse(value.GetString()!),
        _ => null,
    } ?? throw Bad(path, $"must be {SimulatedOutcome.DurationForm}");

    private static int Number(JsonElement value, int minimum, int maximum, string path, string form) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= minimum && number <= maximum
            ? number
            : throw Bad(path, $"must be {form}");

    private static IReadOnlyList<string> Lines(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return SimulatedOutcome.Lines(Text(value, path));
        }

        Require(value.ValueKind == JsonValueKind.Array, path, "must be a text or a list of lines");
        return [.. value.EnumerateArray().SelectMany((line, index) => Text(line, $"{path}[{index}]").ReplaceLineEndings("\n").Split('\n'))];
    }

    private static bool Flag(JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Bad(path, "must be true or false"),
    };

    private static string Text(JsonElement value, string path)
    {
        Require(value.ValueKind == JsonValueKind.String, path, "must be a text");
        return value.GetString()!;
    }

    private static void Require(bool holds, string path, string problem)
    {
        if (!holds)
        {
            throw Bad(path, problem);
        }
    }

    private static OutcomeRulesException Bad(string path, string problem) => new($"{path} {problem}.");
}
