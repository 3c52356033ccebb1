using System.Globalization;
using BatchEmulator.Core.Identity;
using BatchEmulator.Core.Instances;

namespace BatchEmulator.Core.Costs;

/// <summary>Words the ledger's rows as lines of the report.</summary>
internal static class CostLines
{
    private const int Decimals = 6;
    /// <summary>A division by it leaves no zeros behind the last decimal.</summary>
    private const decimal NoZeros = 1.000000000000000000000000000m;

    private const decimal MillisecondsPerHour = 3_600_000;

    private const string Estimate = "An estimate, not a bill: vCPUs and memory only, at public prices of us-east-1.";

    /// <param name="ledger">The ledger, charged up to now.</param>
    /// <param name="since">Beginning of the ledger.</param>
    /// <param name="now">The time.</param>
    /// <param name="jobs">Number of jobs that are listed.</param>
    public static CostReport Report(CostLedger ledger, DateTimeOffset since, DateTimeOffset now, int jobs) => new()
    {
        Estimate = Estimate,
        Since = Iso(since),
        Until = Iso(now),
        SpotDiscountPercent = ledger.Prices.SpotDiscountPercent,
        Total = Of("total", ledger.Environments.Sum()),
        ComputeEnvironments = Of(ledger.Environments, "other environments", row =>
            Of(Arn.NameOf(row.Key), row) with { ComputeEnvironmentArn = row.Key }),
        Instances = Of(ledger.Instances, "other instances", Of),
        JobQueues = Of(ledger.Queues, "other queues", row => Of(Arn.NameOf(row.Key), row) with { JobQueueArn = row.Key }),
        Shares = Of(ledger.Shares, "other shares", row => Of($"{Arn.NameOf(row.Key.QueueArn)} {row.Key.Identifier}", row) with
        {
            JobQueueArn = row.Key.QueueArn,
            ShareIdentifier = row.Key.Identifier,
        }),
        JobDefinitions = Of(ledger.Definitions, "other definitions", row =>
            Of(Arn.NameOf(row.Key), row) with { JobDefinitionArn = row.Key }),
        Jobs = Of(ledger.Jobs, "other jobs", row =>
            Of(row.Key.Name, row) with { JobId = row.Key.Id, JobQueueArn = row.Key.QueueArn }, jobs),
    };

    private static CostLine Of(CostRow<InstanceKey> row)
    {
        var (environment, type, purchase) = row.Key;
        return Of($"{Arn.NameOf(environment)} {type}", row) with
        {
            ComputeEnvironmentArn = environment,
            InstanceType = type,
            Purchase = purchase.Wire(),
        };
    }

    private static List<CostLine> Of<TKey>(
        CostTable<TKey> table, string others, Func<CostRow<TKey>, CostLine> word, int maximum = int.MaxValue)
        where TKey : notnull
    {
        var sorted = table.Rows
            .Select(row => (Row: row, Charge: row.Held.Total + row.Idle.Total))
            .OrderByDescending(row => row.Charge.Units).ThenByDescending(row => row.Charge.VcpuTime)
            .Select(row => row.Row)
            .ToList();
        var rest = new CostRow();
        rest.Add(table.Others);
        foreach (var row in sorted.Skip(maximum))
        {
            rest.Add(row);
        }

        var lines = sorted.Take(maximum).Select(word).ToList();
        if (sorted.Count > maximum || rest.InstanceTime > 0 || rest.Held.Total.VcpuTime > 0)
        {
            lines.Add(Of(others, rest));
        }

        return lines;
    }

    private static CostLine Of(string name, CostRow row)
    {
        var (held, idle) = (row.Held.Total, row.Idle.Total);
        var ofInstances = idle.VcpuTime;
        foreach (var tariff in (ReadOnlySpan<Tariff>)[Tariff.OnDemand, Tariff.Spot])
        {
            ofInstances += row.Held[tariff].VcpuTime;
        }

        var isOfInstances = row.Instances > 0;
        return new()
        {
            Name = name,
            Usd = Rounded((held + idle).Usd),
            VcpuHours = Rounded((held + idle).VcpuHours),
            OnDemand = PartOf(row, Tariff.OnDemand),
            Spot = PartOf(row, Tariff.Spot),
            Fargate = PartOf(row, Tariff.Fargate),
            FargateSpot = PartOf(row, Tariff.FargateSpot),
            WithoutPrice = PartOf(row, Tariff.WithoutPrice),
            Instances = isOfInstances ? row.Instances : null,
            Interruptions = isOfInstances ? row.Interruptions : null,
            InstanceHours = isOfInstances ? Rounded(row.InstanceTime / MillisecondsPerHour) : null,
            Busy = isOfInstances && ofInstances > 0 ? decimal.Round((ofInstances - idle.VcpuTime) / (decimal)ofInstances, 4) : null,
            Idle = isOfInstances ? Shown(idle) : null,
        };
    }

    private static TariffCost? PartOf(CostRow row, Tariff tariff) =>
        row.Held[tariff] + row.Idle[tariff] is { VcpuTime: > 0 } or { MemoryTime: > 0 } ? Shown(row.Held[tariff] + row.Idle[tariff]) : null;

    private static TariffCost Shown(Charge charge) => new(
        Rounded(charge.VcpuHours), Rounded(charge.Usd), charge.MemoryTime > 0 ? Rounded(charge.GbHours) : null);

    private static decimal Rounded(decimal value) => decimal.Round(value, Decimals) / NoZeros;

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
