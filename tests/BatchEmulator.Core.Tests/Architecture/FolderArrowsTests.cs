using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace BatchEmulator.Core.Tests.Architecture;

/// <summary>The arrows between the folders of Core: Operations, then Engine, then Scheduling, then the nouns; never back.</summary>
public sealed partial class FolderArrowsTests
{
    private static readonly string[] Nouns = ["ComputeEnvironments", "ConsumableResources", "JobQueues", "JobDefinitions", "Jobs", "SchedulingPolicies", "ServiceEnvironments", "ServiceJobs", "Resources", "Identity"];

    [Theory]
    [InlineData("Engine", "Operations")]
    [InlineData("Scheduling", "Operations", "Engine")]
    [InlineData("Nouns", "Operations", "Engine", "Scheduling")]
    [InlineData("Identity", "Jobs", "JobQueues", "JobDefinitions", "ComputeEnvironments", "ConsumableResources", "SchedulingPolicies", "ServiceEnvironments", "ServiceJobs", "Resources", "Ports")]
    public void Folder_does_not_use_what_stands_above_it(string folder, params string[] forbidden)
    {
        var folders = folder == "Nouns" ? Nouns : [folder];
        var broken =
            from name in folders
            from file in Directory.GetFiles(Path.Combine(CoreFolder(), name), "*.cs", SearchOption.AllDirectories)
            from match in UsingPattern().Matches(File.ReadAllText(file))
            where forbidden.Contains(match.Groups["folder"].Value)
            select $"{Path.GetFileName(file)} uses {match.Groups["folder"].Value}";

        broken.Should().BeEmpty();
    }

    private static string CoreFolder([CallerFilePath] string path = "") =>
        Path.Combine(Path.GetDirectoryName(path)!, "..", "..", "..", "src", "BatchEmulator.Core");

    [GeneratedRegex(@"using (static )?BatchEmulator\.Core\.(?<folder>\w+)", RegexOptions.NonBacktracking)]
    private static partial Regex UsingPattern();
}
