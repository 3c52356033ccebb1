using System.ComponentModel;
using System.Diagnostics;
using OsProcess = System.Diagnostics.Process;

namespace BatchEmulator.Executors.Process;

/// <summary>One command on the host, from its start until all its output was reported.</summary>
internal sealed class ProcessRun : IDisposable
{
    private const int BufferLength = 16 * 1024;

    private readonly OsProcess _process;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private readonly string _mark;
    private readonly TimeSpan _grace;

    private ProcessRun(OsProcess process, string mark, TimeSpan grace)
    {
        _process = process;
        _mark = mark;
        _grace = grace;
    }

    public int Id => _process.Id;

    /// <param name="command">The command.</param>
    /// <param name="folder">Its working folder.</param>
    /// <param name="mark">Mark of its processes: see <see cref="MarkedProcesses"/>.</param>
    /// <param name="grace">Time from SIGTERM to SIGKILL.</param>
    /// <exception cref="CommandNotStartedException">The operating system refuses to run it.</exception>
    public static ProcessRun Start(CommandLine command, string folder, string mark, TimeSpan grace)
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
            return new ProcessRun(started, mark, grace);
        }
        catch (Exception exception) when (exception is Win32Exception or ArgumentException or InvalidOperationException)
        {
            started.Dispose();
            throw new CommandNotStartedException($"CannotStartContainerError: {exception.Message}", exitCode: 128);
        }
    }

    public void Dispose() => _process.Dispose();

    /// <returns>The exit code, 128 + signal after a signal; by then, all processes of the command are gone.</returns>
    public async Task<int> WaitAsync(Func<string, ValueTask> tell)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = Task.WhenAll(
            ReadAsync(new OutputPipe(_process.StandardOutput.BaseStream, ended.Task), tell),
            ReadAsync(new OutputPipe(_process.StandardError.BaseStream, ended.Task), tell));
        // The streams are read by hand, so this waits for the process alone.
        await _process.WaitForExitAsync();
        // A container's other processes end with its first; so does the session here, and processes that left it.
        ProcessGroup.KillAll(_process);
        await MarkedProcesses.EndAsync(_mark, Id, Stopwatch.GetElapsedTime(_startedAt));
        ended.SetResult();
        await output;
        return _process.ExitCode;
    }

    public void Kill() => ProcessGroup.KillAll(_process);

    /// <summary>Sends SIGTERM, waits for the grace, sends SIGKILL; returns after the last one needed.</summary>
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

    private static async Task ReadAsync(OutputPipe pipe, Func<string, ValueTask> tell)
    {
        var splitter = new LineSplitter();
        var lines = new List<string>();
        var buffer = new byte[BufferLength];
        while (await pipe.ReadAsync(buffer) is > 0 and var read)
        {
            splitter.Feed(buffer.AsSpan(0, read), lines);
            foreach (var line in lines)
            {
                await tell(line);
            }

            lines.Clear();
        }

        if (splitter.TakeRest() is { } unended)
        {
            await tell(unended);
        }
    }
}
