namespace BatchEmulator.Core.Scheduling.Orderings;

/// <summary>Use of a quota share's limit.</summary>
/// <param name="ShareName">Name of the share.</param>
/// <param name="InstanceType">Instance type of the limit.</param>
/// <param name="Held">Number of instances that its jobs hold, borrowed ones included.</param>
/// <param name="Limit">The limit.</param>
public sealed record QuotaLoad(string ShareName, string InstanceType, long Held, long Limit);
