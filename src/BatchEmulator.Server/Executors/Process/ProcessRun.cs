using System.ComponentModel;
using System.Diagnostics;
using BatchEmulator.Core.Ports;
using OsProcess = System.Diagnostics.Process;

namespace BatchEmulator.Server.Executors.Process;

/// <summary>One command on the host, from its start until all its output was told.</summary>
internal sealed class ProcessRun : IDisposable
{
    private const int BufferLength = 16 * 1024;

    /// <summary>
    /// How long output is awaited after the command and its session have ended: only a process that left the session holds it open.
    /// </summary>
    private static readonly TimeSpan OutputPatience = TimeSpan.FromSeconds(1);

    /// <summary>The most that a pipe can hold of what was written before the end (pipe(7)); more comes from elsewhere.</summary>
    private const int LargestPipe = 1024 * 1024;

    private readonly OsProcess _process;
    private readonly TimeSpan _grace;

    private ProcessRun(OsProcess process, TimeSpan grace)
    {
        _process = process;
        _grace = grace;
    }

    public int Id => _process.Id;

    /// <exception cref="CommandNotStartedException">The operating system does not run it.</exception>
    public static ProcessRun Start(CommandLine command, string folder, TimeSpan grace)
    {
        var start = new ProcessStartInfo
        {
            FileName = ProcessGroup.SessionStarter ?? command.Program,
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (ProcessGroup.SessionStarter is not null)
        {
            start.ArgumentList.Add(command.Program);
        }

        foreach (var argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment.Clear();
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        var started = new OsProcess { StartInfo = start };
        try
        {
            started.Start();
            started.StandardInput.Close();
            return new ProcessRun(started, grace);
        }
        catch (Exception exception) when (exception is Win32Exception or ArgumentException or InvalidOperationException)
        {
            started.Dispose();
            throw new CommandNotStartedException($"CannotStartContainerError: {exception.Message}", exitCode: 128);
        }
    }

    public void Dispose() => _process.Dispose();

    /// <returns>The exit code, 128 + signal after a signal; everything the command started is gone then.</returns>
    public async Task<int> WaitAsync(Func<string, ValueTask> tell)
    {
        using var exited = new CancellationTokenSource();
        var output = Task.WhenAll(
            ReadAsync(_process.StandardOutput.BaseStream, tell, exited.Token),
            ReadAsync(_process.StandardError.BaseStream, tell, exited.Token));
        // The streams are read by hand, so this waits for the process alone.
        await _process.WaitForExitAsync();
        // A container's other processes end with its first; so does a session here.
        ProcessGroup.KillAll(_process);
        await exited.CancelAsync();
        await output;
        return _process.ExitCode;
    }

    public void Kill() => ProcessGroup.KillAll(_process);

    /// <summary>SIGTERM, the grace, SIGKILL; returns after the last that was needed.</summary>
    public async Task StopAsync(Task ended)
    {
        ProcessGroup.Terminate(_process);
        try
        {
            await ended.WaitAsync(_grace);
        }
        catch (TimeoutException)
        {
            ProcessGroup.KillAll(_process);
        }
    }

    private static async Task ReadAsync(Stream stream, Func<string, ValueTask> tell, CancellationToken exited)
    {
        var rest = LargestPipe;
        var splitter = new LineSplitter();
        var lines = new List<string>();
        var buffer = new byte[BufferLength];
        try
        {
            int read;
            while (rest > 0 && (read = await ReadAsync(stream, buffer, exited)) > 0)
            {
                rest -= exited.IsCancellationRequested ? read : 0;
                splitter.Feed(buffer.AsSpan(0, read), lines);
                foreach (var line in lines)
                {
                    await tell(line);
                }

                lines.Clear();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // Nobody who belongs to the attempt can write any more.
        }

        if (splitter.TakeRest() is { } unended)
        {
            await tell(unended);
        }
    }

    private static async ValueTask<int> ReadAsync(Stream stream, byte[] buffer, CancellationToken exited)
    {
        using var patience = new CancellationTokenSource();
        await using var registration = exited.UnsafeRegister(
            static state => ((CancellationTokenSource)state!).CancelAfter(OutputPatience), patience);
        return await stream.ReadAsync(buffer, patience.Token);
    }
}
