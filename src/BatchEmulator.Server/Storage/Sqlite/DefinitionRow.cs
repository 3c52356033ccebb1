using BatchEmulator.Core.JobDefinitions;

namespace BatchEmulator.Server.Storage.Sqlite;

/// <summary>How a job definition is laid out in the table <c>job_definition</c>.</summary>
internal static class DefinitionRow
{
    /// <summary>Holds for what is shown: a purged revision stays, so that its number is not given again.</summary>
    public const string IsShown = "active >= 0";

    /// <summary>The column <c>active</c>: 1, 0 for an inactive revision, -1 for a purged one. The numbers are stored: never change one.</summary>
    public static int State(JobDefinition definition) => definition.IsPurged ? -1 : definition.IsActive ? 1 : 0;
}
