namespace BatchEmulator.Server.Tests;

/// <summary>Tests that look at the whole process (its memory) and therefore run while no other test does.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
