namespace BatchEmulator.Storage.Sqlite.Batch;

/// <summary>Values of the column <c>active</c> of the table <c>job_definition</c>. The numbers are stored: never change one.</summary>
internal static class DefinitionRow
{
    public const int Inactive = 0;
    public const int Active = 1;

    /// <summary>Forgotten, except for the number of its revision.</summary>
    public const int Purged = 2;

    public static int Of(bool isActive) => isActive ? Active : Inactive;
}
