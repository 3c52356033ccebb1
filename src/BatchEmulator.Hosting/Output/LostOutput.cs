using System.Globalization;
using BatchEmulator.Core.Storage.Logs;

namespace BatchEmulator.Hosting.Output;

/// <summary>
/// Counts lines that could not be stored, so that the loss can be reported: in the server's log, and in each stream once it can be written
/// again. Safe for use from any thread.
/// </summary>
internal sealed class LostOutput
{
    private readonly Lock _gate = new();
    private readonly Dictionary<LogStreamKey, Loss> _losses = [];
    private long _lines;
    private long _streams;

    /// <summary>Lines lost since <see cref="Reset"/>.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    /// <summary>Streams that were not created since <see cref="Reset"/>.</summary>
    public long Streams => Interlocked.Read(ref _streams);

    /// <summary>Returns true if there are losses to be reported in their streams.</summary>
    public bool HasUnreported
    {
        get
        {
            lock (_gate)
            {
                return _losses.Count > 0;
            }
        }
    }

    public void Add(LineWrite line)
    {
        // A line in several parts counts once.
        var (lines, at) = (line.Line.Lines, line.Line.At);
        Interlocked.Add(ref _lines, lines);
        lock (_gate)
        {
            if (_losses.TryGetValue(line.Stream, out var loss))
            {
                _losses[line.Stream] = new Loss(loss.Lines + lines, Math.Max(loss.At, at));
            }
            else if (_losses.Count < OutputLimits.NotedLosses)
            {
                _losses.Add(line.Stream, new Loss(lines, at));
            }
        }
    }

    public void AddStream() => Interlocked.Increment(ref _streams);

    /// <summary>Returns the losses of each stream that are not reported yet.</summary>
    public IReadOnlyList<KeyValuePair<LogStreamKey, Loss>> Unreported()
    {
        lock (_gate)
        {
            return [.. _losses];
        }
    }

    /// <summary>Marks losses as reported in their streams; later ones remain.</summary>
    public void Reported(IReadOnlyList<KeyValuePair<LogStreamKey, Loss>> losses)
    {
        lock (_gate)
        {
            foreach (var (stream, loss) in losses)
            {
                var rest = _losses[stream].Lines - loss.Lines;
                if (rest == 0)
                {
                    _losses.Remove(stream);
                }
                else
                {
                    _losses[stream] = _losses[stream] with { Lines = rest };
                }
            }
        }
    }

    /// <summary>Resets the counts.</summary>
    /// <returns>The counts so far.</returns>
    public (long Lines, long Streams) Reset() => (Interlocked.Exchange(ref _lines, 0), Interlocked.Exchange(ref _streams, 0));

    /// <summary>Lost lines of one stream.</summary>
    /// <param name="Lines">Number of lines.</param>
    /// <param name="At">Time of the newest one.</param>
    internal sealed record Loss(long Lines, long At)
    {
        /// <summary>
        /// Notice of the loss for the stream. It counts as the lost lines, since a repeated reading of the output skips as many.
        /// </summary>
        public LogLine Notice
        {
            get
            {
                var what = Lines switch
                {
                    0 => "A part of a line",
                    1 => "1 line",
                    _ => Lines.ToString(CultureInfo.InvariantCulture) + " lines",
                };
                return new(At, $"[Batch Emulator] {what} of output lost: the log store could not be written.", Lines);
            }
        }
    }
}
