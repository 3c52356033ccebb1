using System.Collections.Concurrent;
using System.Diagnostics;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>The server as a process of its own, so that it can be killed.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Marker = "listening on ";

    private readonly Process _process;
    private readonly SemaphoreSlim _written;

    private ServerProcess(Process process, HttpClient http, ConcurrentQueue<string> output, SemaphoreSlim written)
    {
        _process = process;
        _written = written;
        Http = http;
        Output = output;
    }

    /// <summary>The lines that it has written so far.</summary>
    public IReadOnlyCollection<string> Output { get; }

    public HttpClient Http { get; }

    /// <summary>Starts the server that was built with the tests, on a free port.</summary>
    public static async Task<ServerProcess> StartAsync(string data, string executor, params string[] more)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(
                "dotnet",
                [Path.Combine(AppContext.BaseDirectory, "batch-emulator.dll"), "--port", "0", "--data", data, "--executor", executor, "--log-level", "warning", .. more])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                RedirectStandardError = true,
            },
        };
        var output = new ConcurrentQueue<string>();
        var written = new SemaphoreSlim(0);
        var address = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.OutputDataReceived += (_, line) =>
        {
            Add(line.Data);
            if (line.Data is null)
            {
                address.TrySetException(new InvalidOperationException($"The server does not start: {string.Join('\n', output)}"));
            }
            else if (line.Data.IndexOf(Marker, StringComparison.Ordinal) is >= 0 and var start)
            {
                address.TrySetResult(line.Data[(start + Marker.Length)..].Split(' ')[0]);
            }
        };
        process.Start();
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        try
        {
            var uri = new Uri(await address.Task.WaitAsync(TestServer.Patience));
            return new ServerProcess(process, new HttpClient { BaseAddress = uri, Timeout = TestServer.Patience }, output, written);
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }

        void Add(string? line)
        {
            output.Enqueue(line ?? "");
            written.Release();
        }
    }

    /// <summary>Waits for a line of its output.</summary>
    public async Task<string> UntilAsync(Func<string, bool> isExpected)
    {
        while (!Output.Any(isExpected))
        {
            (await _written.WaitAsync(TestServer.Patience)).Should().BeTrue("{0} does not say it", string.Join('\n', Output));
        }

        return Output.First(isExpected);
    }

    /// <summary>SIGKILL: nothing of the server runs after this, whatever it was doing.</summary>
    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
