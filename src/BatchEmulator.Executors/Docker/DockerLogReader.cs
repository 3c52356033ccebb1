using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace BatchEmulator.Executors.Docker;

/// <summary>
/// Reads the engine's log stream: frames of an eight-byte header (stream number, three zeroes, length) and a payload that is one time
/// stamp, a space and one record. A record without a line end is a part of a longer line. Several readings, one after the other, form one:
/// each skips the records that were read before.
/// </summary>
internal sealed class DockerLogReader
{
    private const int HeaderLength = 8;

    // "2026-01-31T12:00:00.1234567"
    private const int TickLength = 27;
    private const int LongestFrame = 16 * 1024 * 1024;

    // Standard output and standard error; parts of their lines must not mix.
    private readonly OpenLine[] _open = [new(), new()];
    private readonly List<string> _complete = [];

    private readonly LogPosition _position = new();
    private long _recordsToSkip;

    /// <summary>The Unix second from which the next reading has to request the log; null for its start.</summary>
    public long? Since => _position.Since;

    /// <summary>Reports every complete line up to the end of the stream, which has to begin at <see cref="Since"/>.</summary>
    /// <exception cref="InvalidDataException">The stream does not consist of frames.</exception>
    public async Task ReadAsync(Stream stream, Func<DateTimeOffset, string, ValueTask> tell, CancellationToken cancellationToken)
    {
        _recordsToSkip = _position.RecordsSince;
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024));
        try
        {
            while (true)
            {
                var read = await reader.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                while (TryTakeFrame(ref rest, out var source, out var payload))
                {
                    var at = Feed(source, payload);
                    foreach (var line in _complete)
                    {
                        await tell(at, line);
                    }

                    _complete.Clear();
                }

                reader.AdvanceTo(rest.Start, rest.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        finally
        {
            await reader.CompleteAsync();
        }
    }

    /// <summary>Reports a last line without a line end; called once the container has ended.</summary>
    public async Task FlushAsync(Func<DateTimeOffset, string, ValueTask> tell)
    {
        foreach (var line in _open)
        {
            if (line.Splitter.TakeRest() is { } rest)
            {
                await tell(line.Since, rest);
            }
        }
    }

    private static bool TryTakeFrame(ref ReadOnlySequence<byte> buffer, out int source, out ReadOnlySequence<byte> payload)
    {
        source = 0;
        payload = default;
        if (buffer.Length < HeaderLength)
        {
            return false;
        }

        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (header[0] > 3 || length > LongestFrame)
        {
            throw new InvalidDataException($"A frame of stream {header[0]} with {length} bytes is not the engine's log format.");
        }

        if (buffer.Length < HeaderLength + length)
        {
            return false;
        }

        source = header[0] == 2 ? 1 : 0;
        payload = buffer.Slice(HeaderLength, length);
        buffer = buffer.Slice(payload.End);
        return true;
    }

    private DateTimeOffset Feed(int source, ReadOnlySequence<byte> payload)
    {
        if (payload.IsSingleSegment)
        {
            return Feed(_open[source], payload.FirstSpan);
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)payload.Length);
        try
        {
            payload.CopyTo(rented);
            return Feed(_open[source], rented.AsSpan(0, (int)payload.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <returns>Time at which the line of this record began.</returns>
    private DateTimeOffset Feed(OpenLine line, ReadOnlySpan<byte> record)
    {
        var space = record.IndexOf((byte)' ');
        if (space < 0 || !TryTime(record[..space], out var at))
        {
            throw new InvalidDataException("A record of the engine's log has no time stamp.");
        }

        if (_recordsToSkip > 0)
        {
            _recordsToSkip--;
            return at;
        }

        _position.Pass(at);
        if (!line.Splitter.HasPending)
        {
            line.Since = at;
        }

        line.Splitter.Feed(record[(space + 1)..], _complete);
        return line.Since;
    }

    /// <summary>Truncates the engine's nanoseconds, never rounds them: the second of a record must be the engine's.</summary>
    private static bool TryTime(ReadOnlySpan<byte> text, out DateTimeOffset at)
    {
        at = default;
        const int longest = 40;
        if (text.Length > longest)
        {
            return false;
        }

        Span<char> characters = stackalloc char[longest];
        var length = Encoding.ASCII.GetChars(text, characters);
        if (length > TickLength && characters[TickLength - 8] == '.')
        {
            var zone = TickLength;
            while (zone < length && char.IsAsciiDigit(characters[zone]))
            {
                zone++;
            }

            characters[zone..length].CopyTo(characters[TickLength..]);
            length -= zone - TickLength;
        }

        return DateTimeOffset.TryParse(
            characters[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);
    }

    private sealed class OpenLine
    {
        public LineSplitter Splitter { get; } = new();

        public DateTimeOffset Since { get; set; }
    }
}
