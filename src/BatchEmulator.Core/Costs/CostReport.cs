namespace BatchEmulator.Core.Costs;

/// <summary>Estimated cost since the server started or was last reset. Lists have the most expensive first.</summary>
public sealed record CostReport
{
    /// <summary>Statement of what the numbers are.</summary>
    public required string Estimate { get; init; }

    /// <summary>Beginning, ISO 8601 in UTC, of the emulator's time.</summary>
    public required string Since { get; init; }

    /// <summary>End, ISO 8601 in UTC, of the emulator's time.</summary>
    public required string Until { get; init; }

    /// <summary>Percentage by which Spot capacity is cheaper.</summary>
    public required decimal SpotDiscountPercent { get; init; }

    public required CostLine Total { get; init; }

    public required IReadOnlyList<CostLine> ComputeEnvironments { get; init; }

    /// <summary>Instances by environment, type and purchase.</summary>
    public required IReadOnlyList<CostLine> Instances { get; init; }

    public required IReadOnlyList<CostLine> JobQueues { get; init; }

    public required IReadOnlyList<CostLine> Shares { get; init; }

    public required IReadOnlyList<CostLine> JobDefinitions { get; init; }

    /// <summary>The most expensive jobs, and the sum of all others. Children and nodes add up in their job.</summary>
    public required IReadOnlyList<CostLine> Jobs { get; init; }
}

/// <summary>Cost of something. Hours and dollars are rounded to six decimals, after they were summed.</summary>
public sealed record CostLine
{
    public required string Name { get; init; }

    /// <summary>ARN of the environment, also of instances.</summary>
    public string? ComputeEnvironmentArn { get; init; }

    /// <summary>ARN of the queue, also of a share identifier and of a job.</summary>
    public string? JobQueueArn { get; init; }

    public string? ShareIdentifier { get; init; }

    public string? JobDefinitionArn { get; init; }

    public string? JobId { get; init; }

    public string? InstanceType { get; init; }

    /// <summary><c>ON_DEMAND</c> or <c>SPOT</c>.</summary>
    public string? Purchase { get; init; }

    public required decimal Usd { get; init; }

    /// <summary>vCPU hours that were paid for: those of instances, or else those that jobs held.</summary>
    public required decimal VcpuHours { get; init; }

    public TariffCost? OnDemand { get; init; }

    public TariffCost? Spot { get; init; }

    public TariffCost? Fargate { get; init; }

    public TariffCost? FargateSpot { get; init; }

    /// <summary>Capacity of which no price is known.</summary>
    public TariffCost? WithoutPrice { get; init; }

    /// <summary>Number of instances, with those that no longer exist.</summary>
    public int? Instances { get; init; }

    /// <summary>Number of instances that were reclaimed or lost.</summary>
    public int? Interruptions { get; init; }

    public decimal? InstanceHours { get; init; }

    /// <summary>Part of the instances' vCPU hours that jobs held, from 0 to 1.</summary>
    public decimal? Busy { get; init; }

    /// <summary>Part of the cost that is for what no job held.</summary>
    public TariffCost? Idle { get; init; }
}

/// <summary>A part of a cost.</summary>
/// <param name="VcpuHours">vCPU hours.</param>
/// <param name="Usd">Dollars.</param>
/// <param name="GbHours">GB hours of memory, which only Fargate has a price for.</param>
public sealed record TariffCost(decimal VcpuHours, decimal Usd, decimal? GbHours = null);
