using System.Buffers.Binary;

namespace BatchEmulator.Storage.LiteDb.Database;

/// <summary>Layout of LiteDB's pages (version 8 of its file), to the extent that log and snapshots need it.</summary>
internal static class PageFormat
{
    public const int Size = 8192;

    private const int TypeOffset = 4;
    private const int TransactionOffset = 14;
    private const int ConfirmationOffset = 18;
    private const int SignatureOffset = 32;
    private const int LastPageOffset = 64;
    private const byte HeaderType = 1;
    private const byte HighestType = 4;

    /// <summary>Transaction of the pages in a data file.</summary>
    private const uint NoTransaction = uint.MaxValue;

    private static ReadOnlySpan<byte> Signature => "** This is a LiteDB file **\b"u8;

    /// <summary>Returns true for the first page of a database.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> page) => page[SignatureOffset..].StartsWith(Signature);

    public static uint PageIdOf(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page);

    public static uint TransactionOf(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page[TransactionOffset..]);

    /// <summary>Returns true for the last page of a committed transaction in the log.</summary>
    public static bool IsConfirmation(ReadOnlySpan<byte> page) => page[ConfirmationOffset] != 0;

    /// <summary>Returns the id of the last page of the database.</summary>
    /// <param name="header">Its first page.</param>
    public static uint LastPageIdOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32LittleEndian(header[LastPageOffset..]);

    /// <summary>Returns true if a page has the id of its place and a valid type.</summary>
    public static bool IsPlausible(ReadOnlySpan<byte> page, uint pageId) =>
        PageIdOf(page) == pageId && page[TypeOffset] <= HighestType && page[TypeOffset] == HeaderType == (pageId == 0);

    /// <summary>Marks a page as one of a transaction, as pages in the log are.</summary>
    public static void SetTransaction(Span<byte> page, uint transaction, bool isConfirmation)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(page[TransactionOffset..], transaction);
        page[ConfirmationOffset] = isConfirmation ? (byte)1 : (byte)0;
    }

    /// <summary>Marks a page of the log as one of the data file, as a checkpoint does.</summary>
    public static void ClearTransaction(Span<byte> page) => SetTransaction(page, NoTransaction, isConfirmation: false);
}
