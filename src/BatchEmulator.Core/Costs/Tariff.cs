namespace BatchEmulator.Core.Costs;

/// <summary>Tariff by which vCPUs are paid for.</summary>
internal enum Tariff
{
    /// <summary>On-Demand instances.</summary>
    OnDemand,

    /// <summary>Spot instances.</summary>
    Spot,

    /// <summary>Tasks of Fargate.</summary>
    Fargate,

    /// <summary>Tasks of Fargate Spot.</summary>
    FargateSpot,

    /// <summary>Capacity of which no price is known.</summary>
    WithoutPrice,
}
