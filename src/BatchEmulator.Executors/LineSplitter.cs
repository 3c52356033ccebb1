using System.Text;

namespace BatchEmulator.Executors;

/// <summary>
/// Splits the bytes of one output stream into lines without their line ends. A line longer than <see cref="LongestLine"/> bytes is reported
/// in pieces, so that a job which never ends its line cannot fill the memory.
/// </summary>
internal sealed class LineSplitter
{
    /// <summary>CloudWatch Logs accepts events of up to 256 KiB.</summary>
    public const int LongestLine = 256 * 1024;

    private const int SmallestBuffer = 1024;

    private byte[] _pending = [];
    private int _length;

    public bool HasPending => _length > 0;

    /// <summary>Consumes bytes and appends every line that they complete to <paramref name="lines"/>.</summary>
    public void Feed(ReadOnlySpan<byte> bytes, ICollection<string> lines)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var piece = end < 0 ? bytes : bytes[..end];
            bytes = end < 0 ? [] : bytes[(end + 1)..];
            while (_length + piece.Length > LongestLine)
            {
                var taken = LongestLine - _length;
                Append(piece[..taken]);
                piece = piece[taken..];
                lines.Add(TakePiece());
            }

            if (end < 0)
            {
                Append(piece);
            }
            else if (_length == 0)
            {
                lines.Add(Text(piece));
            }
            else
            {
                Append(piece);
                lines.Add(TakeRest()!);
            }
        }
    }

    /// <summary>Text without a line end so far; null if there is none.</summary>
    public string? TakeRest()
    {
        if (_length == 0)
        {
            return null;
        }

        var line = Text(_pending.AsSpan(0, _length));
        _length = 0;
        return line;
    }

    private static string Text(ReadOnlySpan<byte> line) =>
        Encoding.UTF8.GetString(line.Length > 0 && line[^1] == '\r' ? line[..^1] : line);

    /// <summary>Takes a full buffer's worth; a character whose bytes are incomplete stays for the next piece.</summary>
    private string TakePiece()
    {
        const int longestCharacter = 4;
        var cut = _length;
        while (cut > _length - longestCharacter && (_pending[cut - 1] & 0xC0) == 0x80)
        {
            cut--;
        }

        var isLead = _pending[cut - 1] >= 0xC0;
        cut = isLead ? cut - 1 : _length;
        var complete = isLead && _length - cut == SequenceLength(_pending[cut]);
        if (complete)
        {
            cut = _length;
        }

        var piece = Encoding.UTF8.GetString(_pending, 0, cut);
        _pending.AsSpan(cut, _length - cut).CopyTo(_pending);
        _length -= cut;
        return piece;
    }

    private static int SequenceLength(byte lead) => lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;

    private void Append(ReadOnlySpan<byte> piece)
    {
        if (_pending.Length < _length + piece.Length)
        {
            Array.Resize(ref _pending, Math.Max(Math.Max(SmallestBuffer, _pending.Length * 2), _length + piece.Length));
        }

        piece.CopyTo(_pending.AsSpan(_length));
        _length += piece.Length;
    }
}
