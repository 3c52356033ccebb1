namespace BatchEmulator.Hosting.Faults;

/// <summary>Calls of the AWS Batch API that are to fail.</summary>
/// <param name="Calls">Number of calls that fail from now on; null if <paramref name="Share"/> says.</param>
/// <param name="Share">Share of the calls that fail, above 0 and at most 1, spread evenly: of 0.25, every fourth.</param>
/// <param name="Operation">Name of the only operation whose calls fail; null for all.</param>
internal sealed record ApiFault(int? Calls, double? Share, string? Operation);
