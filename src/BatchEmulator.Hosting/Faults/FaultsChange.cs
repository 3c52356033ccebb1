using System.Text.Json;
using BatchEmulator.Contract.Batch;
using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;

namespace BatchEmulator.Hosting.Faults;

/// <summary>
/// Change of the faults: <c>{"throttle": {"calls": 3, "operation": "SubmitJob"}, "fail": {"share": 0.1}}</c>. Null ends a fault; one that
/// is not named stays as it is.
/// </summary>
internal sealed record FaultsChange(bool ChangesThrottle, ApiFault? Throttle, bool ChangesFail, ApiFault? Fail)
{
    public const string Known = "throttle, fail, reclaim, lose, shortage and hazard";

    /// <summary>Faults of capacity, in the order in which the engine is to carry them out.</summary>
    public IReadOnlyList<Action<Turn, Scope>> Capacity { get; init; } = [];

    private const int MaximumCalls = 1_000_000;

    /// <exception cref="ClientException">It makes no sense.</exception>
    public static FaultsChange Parse(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw ClientException.Refused($"The body must be a JSON object with some of {Known}.");
        }

        var change = new FaultsChange(ChangesThrottle: false, null, ChangesFail: false, null);
        foreach (var member in body.EnumerateObject())
        {
            change = member.Name switch
            {
                "throttle" => change with { ChangesThrottle = true, Throttle = FaultOf(member) },
                "fail" => change with { ChangesFail = true, Fail = FaultOf(member) },
                "reclaim" => change with { Capacity = [.. change.Capacity, CapacityFault.Reclaim(member)] },
                "lose" => change with { Capacity = [.. change.Capacity, CapacityFault.Lose(member)] },
                "shortage" => change with { Capacity = [.. change.Capacity, CapacityFault.Shortages(member)] },
                "hazard" => change with { Capacity = [.. change.Capacity, CapacityFault.Hazard(member)] },
                _ => throw ClientException.Refused($"The member {member.Name} is unknown; there are {Known}."),
            };
        }

        return change.ChangesThrottle || change.ChangesFail || change.Capacity.Count > 0
            ? change
            : throw ClientException.Refused($"Nothing to do: give some of {Known}.");
    }

    private static ApiFault? FaultOf(JsonProperty given)
    {
        if (given.Value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (given.Value.ValueKind != JsonValueKind.Object)
        {
            throw ClientException.Refused($"{given.Name} must be an object with calls or share, or null.");
        }

        var fault = new ApiFault(null, null, null);
        foreach (var member in given.Value.EnumerateObject())
        {
            fault = member.Name switch
            {
                "calls" => fault with { Calls = CallsOf(member.Value) },
                "share" => fault with { Share = ShareOf(member.Value) },
                "operation" => fault with { Operation = OperationOf(member.Value) },
                _ => throw ClientException.Refused(
                    $"The member {member.Name} of {given.Name} is unknown; there are calls, share and operation."),
            };
        }

        return (fault.Calls is null) != (fault.Share is null)
            ? fault
            : throw ClientException.Refused($"{given.Name} must have either calls or share.");
    }

    private static int CallsOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var calls) && calls is > 0 and <= MaximumCalls
            ? calls
            : throw ClientException.Refused($"calls must be a whole number from 1 to {MaximumCalls}.");

    private static double ShareOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var share) && share is > 0 and <= 1
            ? share
            : throw ClientException.Refused("share must be a number above 0 and at most 1.");

    private static string OperationOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && Operations.All.Any(operation => operation.Name == value.GetString())
            ? value.GetString()!
            : throw ClientException.Refused("operation must be the name of an operation of AWS Batch, such as SubmitJob.");
}
