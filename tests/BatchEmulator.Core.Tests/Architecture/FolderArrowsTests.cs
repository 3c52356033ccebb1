namespace BatchEmulator.Core.Tests.Architecture;

/// <summary>Dependencies between the folders of a project (docs/architecture.md) are free of cycles.</summary>
public sealed class FolderArrowsTests
{
    [Theory]
    [InlineData("BatchEmulator.Core", "Operations")]
    [InlineData("BatchEmulator.Executors", "Docker")]
    [InlineData("BatchEmulator.Hosting", "Control")]
    [InlineData("BatchEmulator.Server", "Commands")]
    [InlineData("BatchEmulator.Storage.Sqlite", "Batch")]
    [InlineData("BatchEmulator.Storage.LiteDb", "Batch")]
    public void Folders_of_a_project_have_no_cyclic_dependencies(string project, string knownFolder)
    {
        var folders = FolderCircles.Of(project);

        folders.Uses.Should().ContainKey(knownFolder);
        folders.Find().Should().BeEmpty();
    }

    [Theory]
    [InlineData("Identity")]
    [InlineData("Resources", "Identity")]
    [InlineData("Attempts", "Identity", "Resources")]
    [InlineData("Instances", "Identity", "Resources")]
    [InlineData("Scheduling", "ComputeEnvironments", "ConsumableResources", "Identity", "Instances", "JobQueues", "Jobs", "QuotaShares", "Resources", "SchedulingPolicies", "ServiceEnvironments")]
    public void Folder_of_Core_depends_on_lower_folders_only(string folder, params string[] below)
    {
        FolderCircles.Of("BatchEmulator.Core").Uses[folder].Should().BeSubsetOf(below);
    }
}
