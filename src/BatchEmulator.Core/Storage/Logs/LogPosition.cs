using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace BatchEmulator.Core.Storage.Logs;

/// <summary>
/// The place of an event: events are in the order of their time, those of the same millisecond in the order of their arrival.
/// Written as 56 digits, the time in the upper bits, it is the event's id and the core of every token, as AWS shows it.
/// </summary>
/// <param name="At">Epoch milliseconds.</param>
/// <param name="Sequence">Grows with every stored event; 1 is the first.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct LogPosition(long At, long Sequence) : IComparable<LogPosition>
{
    private const int TimeShift = 144;

    private static readonly BigInteger SequenceMask = (BigInteger.One << TimeShift) - 1;

    /// <summary>Before every event.</summary>
    public static readonly LogPosition Start = new(0, 0);

    /// <summary>Behind every event.</summary>
    public static readonly LogPosition End = new(long.MaxValue, 0);

    public static bool operator <(LogPosition left, LogPosition right) => left.CompareTo(right) < 0;

    public static bool operator >(LogPosition left, LogPosition right) => left.CompareTo(right) > 0;

    public static bool operator <=(LogPosition left, LogPosition right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LogPosition left, LogPosition right) => left.CompareTo(right) >= 0;

    public int CompareTo(LogPosition other) =>
        At != other.At ? At.CompareTo(other.At) : Sequence.CompareTo(other.Sequence);

    /// <summary>56 digits.</summary>
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
