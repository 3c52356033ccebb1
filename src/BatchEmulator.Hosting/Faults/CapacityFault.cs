using System.Text.Json;
using BatchEmulator.Core;
using BatchEmulator.Core.Engine;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;

namespace BatchEmulator.Hosting.Faults;

/// <summary>Faults of the capacity of EC2 and Fargate, as the engine carries them out.</summary>
internal static class CapacityFault
{
    private const int MaximumCount = 10_000;
    private const int MaximumSeconds = 31_536_000;
    private const int MaximumShortages = 1_000;
    private const int MaximumRates = 2_000;
    private const double MaximumRate = 3_600;

    /// <summary><c>{"instance": ID, "notice": false}</c>, or <c>job</c>, or <c>environment</c> with <c>count</c>.</summary>
    /// <exception cref="ClientException">The member makes no sense.</exception>
    public static Action<Turn, Scope> Reclaim(JsonProperty given)
    {
        var hasNotice = given.Value.ValueKind != JsonValueKind.Object || !given.Value.TryGetProperty("notice", out var notice)
            || FaultJson.Switch(notice, "notice");
        var target = TargetOf(given, "notice");
        return (turn, scope) => InstanceFaults.Reclaim(turn, scope, target, hasNotice);
    }

    /// <summary><c>{"instance": ID}</c>, or <c>job</c>, or <c>environment</c> with <c>count</c>.</summary>
    /// <exception cref="ClientException">The member makes no sense.</exception>
    public static Action<Turn, Scope> Lose(JsonProperty given)
    {
        var target = TargetOf(given, besides: null);
        return (turn, scope) => InstanceFaults.Lose(turn, scope, target);
    }

    /// <summary>
    /// <c>[{"instanceType": "m6i.large", "purchase": "SPOT", "seconds": 600}]</c>; one object counts as a list of one, null ends all.
    /// </summary>
    /// <exception cref="ClientException">The member makes no sense.</exception>
    public static Action<Turn, Scope> Shortages(JsonProperty given)
    {
        var wanted = given.Value.ValueKind switch
        {
            JsonValueKind.Null => [],
            JsonValueKind.Array when given.Value.GetArrayLength() <= MaximumShortages =>
                given.Value.EnumerateArray().Select(ShortageOf).ToList(),
            JsonValueKind.Object => [ShortageOf(given.Value)],
            _ => throw ClientException.Refused($"{given.Name} must be an object, a list of at most {MaximumShortages}, or null."),
        };
        return (turn, _) => InstanceFaults.SetShortages(
            turn, [.. wanted.Select(shortage => new Shortage(shortage.Type, shortage.Purchase, turn.Now.AddSeconds(shortage.Seconds)))]);
    }

    /// <summary>
    /// <c>{"rates": {"m6i.large": 0.5, "*": 0.1, "FARGATE_SPOT": 2}, "seed": 7}</c>: expected interruptions in an hour; null ends them.
    /// </summary>
    /// <exception cref="ClientException">The member makes no sense.</exception>
    public static Action<Turn, Scope> Hazard(JsonProperty given)
    {
        var rates = new Dictionary<string, double>(StringComparer.Ordinal);
        var seed = 0;
        if (given.Value.ValueKind != JsonValueKind.Null)
        {
            foreach (var member in FaultJson.Members(given))
            {
                switch (member.Name)
                {
                    case "seed":
                        seed = FaultJson.Integer(member.Value, "seed", 0, int.MaxValue);
                        break;
                    case "rates":
                        rates = RatesOf(member);
                        break;
                    default:
                        throw FaultJson.Unknown(member, given, "rates and seed");
                }
            }

            if (rates.Count == 0)
            {
                throw ClientException.Refused($"{given.Name} must have rates, or be null.");
            }
        }

        return (turn, _) => InstanceFaults.SetHazards(turn, rates, seed);
    }

    private static Dictionary<string, double> RatesOf(JsonProperty given)
    {
        var rates = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var rate in FaultJson.Members(given))
        {
            if (rate.Name is not ("*" or "FARGATE_SPOT") && InstanceCatalog.Find(rate.Name) is null)
            {
                throw ClientException.Refused($"{Excerpt.Of(rate.Name, 100)} is no instance type; there are also FARGATE_SPOT and *.");
            }

            rates[rate.Name] = FaultJson.Number(rate.Value, "A rate", 0, MaximumRate);
        }

        return rates.Count <= MaximumRates ? rates : throw ClientException.Refused("There are too many rates.");
    }

    private static (string? Type, Purchase? Purchase, int Seconds) ShortageOf(JsonElement given)
    {
        (string? Type, Purchase? Purchase, int Seconds) shortage = (null, null, 0);
        foreach (var member in given.ValueKind == JsonValueKind.Object ? given.EnumerateObject() : default)
        {
            switch (member.Name)
            {
                case "instanceType":
                    shortage.Type = FaultJson.Text(member);
                    if (InstanceCatalog.Find(shortage.Type) is null)
                    {
                        throw ClientException.Refused($"{Excerpt.Of(shortage.Type, 100)} is no instance type.");
                    }

                    break;
                case "purchase":
                    shortage.Purchase = PurchaseOf(FaultJson.Text(member));
                    break;
                case "seconds":
                    shortage.Seconds = FaultJson.Integer(member.Value, "seconds", 1, MaximumSeconds);
                    break;
                default:
                    throw ClientException.Refused(
                        $"The member {Excerpt.Of(member.Name, 100)} of shortage is unknown; there are instanceType, purchase and seconds.");
            }
        }

        return shortage.Seconds > 0 ? shortage : throw ClientException.Refused("shortage must have seconds.");
    }

    private static Purchase PurchaseOf(string name) =>
        name == Purchase.Spot.Wire() ? Purchase.Spot
        : name == Purchase.OnDemand.Wire() ? Purchase.OnDemand
        : throw ClientException.Refused($"purchase must be {Purchase.Spot.Wire()} or {Purchase.OnDemand.Wire()}.");

    private static FaultTarget TargetOf(JsonProperty given, string? besides)
    {
        var target = new FaultTarget(null, null, null, 1);
        foreach (var member in FaultJson.Members(given).Where(member => member.Name != besides))
        {
            target = member.Name switch
            {
                "instance" => target with { Instance = FaultJson.Text(member) },
                "job" => target with { JobId = FaultJson.Text(member) },
                "environment" => target with { Environment = FaultJson.Text(member) },
                "count" => target with { Count = FaultJson.Integer(member.Value, "count", 1, MaximumCount) },
                _ => throw FaultJson.Unknown(member, given, "instance, job, environment and count"),
            };
        }

        string?[] names = [target.Instance, target.JobId, target.Environment];
        return names.Count(name => name is not null) == 1
            ? target
            : throw ClientException.Refused($"{given.Name} must have one of instance, job and environment.");
    }
}
