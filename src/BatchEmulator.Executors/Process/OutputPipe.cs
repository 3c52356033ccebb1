using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace BatchEmulator.Executors.Process;

/// <summary>
/// Output of a command, up to its end. A process that left the command's session may hold the pipe open for longer: after the end, only the
/// content of the pipe is read.
/// </summary>
internal sealed class OutputPipe(Stream stream, Task ended)
{
    /// <summary>Maximum content of a pipe at the end of the command (pipe(7)); more comes from other processes.</summary>
    private const int LargestPipe = 1024 * 1024;

    /// <summary>Time that Windows, where a pipe cannot be inspected, is given for the rest.</summary>
    private static readonly TimeSpan RestPatience = TimeSpan.FromSeconds(1);

    private int _rest = LargestPipe;

    /// <returns>Number of bytes; 0 at the end.</returns>
    public async ValueTask<int> ReadAsync(byte[] buffer)
    {
        if (_rest <= 0)
        {
            return 0;
        }

        using var giveUp = new CancellationTokenSource();
        var reading = stream.ReadAsync(buffer, giveUp.Token).AsTask();
        try
        {
            await Task.WhenAny(reading, ended);
            if (!reading.IsCompleted && !await WillCompleteAsync(reading))
            {
                await giveUp.CancelAsync();
            }

            var read = await reading;
            _rest -= ended.IsCompleted ? read : 0;
            return read;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            return 0;
        }
    }

    /// <summary>
    /// Returns true if the pipe has content, or has ended: then the read completes, however long that takes on a busy machine.
    /// </summary>
    private async Task<bool> WillCompleteAsync(Task reading)
    {
        if (OperatingSystem.IsWindows())
        {
            await Task.WhenAny(reading, Task.Delay(RestPatience));
            return reading.IsCompleted;
        }

        var question =
            new PollQuestion { Descriptor = (int)((PipeStream)stream).SafePipeHandle.DangerousGetHandle(), Events = PollQuestion.Readable };
        return Poll(ref question, count: 1, timeout: 0) > 0;
    }

    [DllImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Poll(ref PollQuestion question, nuint count, int timeout);

    /// <summary>poll(2): <c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PollQuestion
    {
        public const short Readable = 1;

        public int Descriptor;
        public short Events;
        public short Answer;
    }
}
