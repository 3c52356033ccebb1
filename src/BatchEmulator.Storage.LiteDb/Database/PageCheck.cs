namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>Checks for damage, so that it is found at the start and not by the request that first reads the damaged part.</summary>
internal static class PageCheck
{
    /// <summary>
    /// Number of pages (16 MB) up to which all of them are checked, which takes tens of milliseconds; others are checked as they are read.
    /// </summary>
    private const long CheckedAsAWhole = 2_000;

    /// <exception cref="DamagedFileException">The file is damaged.</exception>
    public static void Check(DataFile data, CommitLog log)
    {
        using var pages = new SnapshotStream(data, log, log.Version);
        var page = new byte[PageFormat.Size];
        Read(pages, 0, page);
        if (!PageFormat.IsHeader(page))
        {
            throw new DamagedFileException("the file is not a database.");
        }

        var count = PageFormat.LastPageIdOf(page) + 1L;
        // Of a large file, at least the pages that the log must have because the data file is too short.
        for (var id = count <= CheckedAsAWhole ? 0 : data.Length / PageFormat.Size; id < count; id++)
        {
            Read(pages, id, page);
            if (!PageFormat.IsPlausible(page, (uint)id))
            {
                throw new DamagedFileException($"page {id} has bad content.");
            }
        }
    }

    private static void Read(SnapshotStream pages, long id, Span<byte> page)
    {
        try
        {
            pages.ReadPage(id * PageFormat.Size, page);
        }
        catch (EndOfStreamException)
        {
            throw new DamagedFileException($"it ends before page {id}.");
        }
    }
}
