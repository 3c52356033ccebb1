namespace BatchEmulator.Core.ConsumableResources;

/// <summary>Number of units of one resource that a job needs, with all its nodes.</summary>
/// <param name="Resource">ARN.</param>
/// <param name="Quantity">At least one.</param>
public readonly record struct ConsumableUnits(string Resource, long Quantity);
