namespace BatchEmulator.Server.Tests;

/// <summary>Tests that measure the whole process (its memory) and therefore run alone.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
