using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace BatchEmulator.Core.Storage.Logs;

/// <summary>
/// Position of an event: events are ordered by time, those of the same millisecond by their arrival. As 56 digits, with the time in the
/// upper bits, it is the event's id and the core of every token, as on AWS.
/// </summary>
/// <param name="At">Epoch milliseconds.</param>
/// <param name="Sequence">Number of the stored event, ascending from 1.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogPosition(long At, long Sequence) : IComparable<LogPosition>
{
    private const int TimeShift = 144;

    private static readonly BigInteger SequenceMask = (BigInteger.One << TimeShift) - 1;

    /// <summary>Position before every event.</summary>
    public static readonly LogPosition Start = new(0, 0);

    /// <summary>Position behind every event.</summary>
    public static readonly LogPosition End = new(long.MaxValue, 0);

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;

    public int CompareTo(LogPosition other) =>
        At != other.At ? At.CompareTo(other.At) : Sequence.CompareTo(other.Sequence);

    /// <summary>Returns the position as 56 digits.</summary>
    public override string ToString() => ((new BigInteger(At) << TimeShift) | Sequence).ToString("D56", CultureInfo.InvariantCulture);

    public static LogPosition? Parse(ReadOnlySpan<char> digits)
    {
        // The length is checked first: parsing a long number costs more than its length.
        if (digits.Length is 0 or > 64
            || digits.ContainsAnyExceptInRange('0', '9')
            || !BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        var at = value >> TimeShift;
        var sequence = value & SequenceMask;
        return at <= long.MaxValue && sequence < long.MaxValue ? new((long)at, (long)sequence) : null;
    }
}
