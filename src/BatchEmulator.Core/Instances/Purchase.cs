namespace BatchEmulator.Core.Instances;

/// <summary>Purchase option of an instance.</summary>
public enum Purchase
{
    /// <summary>On-Demand.</summary>
    OnDemand,

    /// <summary>Spot: cheaper, and taken back at any time.</summary>
    Spot,
}

/// <summary>Names of the purchase options.</summary>
public static class PurchaseWords
{
    /// <summary>Returns the name in data, as EC2 has it.</summary>
    public static string Wire(this Purchase purchase) => purchase == Purchase.Spot ? "SPOT" : "ON_DEMAND";

    /// <summary>Returns the name in sentences.</summary>
    public static string Text(this Purchase purchase) => purchase == Purchase.Spot ? "Spot" : "On-Demand";
}
