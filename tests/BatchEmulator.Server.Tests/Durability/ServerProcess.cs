using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>The server as a separate process, so that it can be killed.</summary>
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

    /// <summary>Lines of output so far.</summary>
    public IReadOnlyCollection<string> Output { get; }

    public HttpClient Http { get; }

    /// <summary>Starts the server that was built with the tests, on a free port.</summary>
    public static Task<ServerProcess> StartAsync(string data, string executor, params string[] more) =>
        StartAsync([], [], ["--data", data, "--executor", executor, .. more]);

    /// <summary>Starts the server that was built with the tests, on a free port.</summary>
    /// <param name="wrapper">A command that becomes the server by <c>exec</c>; empty for none.</param>
    /// <param name="environment">Variables besides those of the tests.</param>
    /// <param name="options">Options of the server.</param>
    public static async Task<ServerProcess> StartAsync(
        IReadOnlyList<string> wrapper, IReadOnlyList<(string Name, string Value)> environment, IReadOnlyList<string> options)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "batch-emulator.dll");
        string[] words = [.. wrapper, "dotnet", program, "--port", "0", "--log-level", "warning", .. options];
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(words[0], words[1..])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in environment)
        {
            process.StartInfo.Environment[name] = value;
        }

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

    /// <summary>Waits for a line of output.</summary>
    public async Task<string> UntilAsync(Func<string, bool> isExpected)
    {
        while (!Output.Any(isExpected))
        {
            (await _written.WaitAsync(TestServer.Patience)).Should().BeTrue("{0} does not say it", string.Join('\n', Output));
        }

        return Output.First(isExpected);
    }

    /// <summary>Sends SIGKILL: no code of the server runs after this.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until the process has ended.</summary>
    /// <returns>Exit code and output lines.</returns>
    public async Task<(int ExitCode, IReadOnlyList<string> Output)> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(TestServer.Patience);
        return (_process.ExitCode, [.. Output.Where(line => line.Length > 0)]);
    }

    /// <summary>Calls an operation of AWS Batch that must succeed.</summary>
    public async Task<JsonElement> OkAsync(string operation, string json)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
        using var response = await Http.PostAsync(new Uri($"/v1/{operation.ToLowerInvariant()}", UriKind.Relative), content);
        var body = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.Should().BeTrue(body);
        return JsonDocument.Parse(body).RootElement;
    }

    /// <summary>Submits a job to the queue that <c>--bootstrap</c> creates.</summary>
    /// <returns>Id of the job.</returns>
    public async Task<string> SubmitAsync(string script, string more = "", string image = "any")
    {
        await OkAsync("RegisterJobDefinition", Requests.JobDefinition("script", image, "sh", "-c", script));
        return (await OkAsync("SubmitJob", Requests.Job("job", "default", "script", more))).GetProperty("jobId").GetString()!;
    }

    /// <summary>Waits until a job has ended.</summary>
    public async Task<JsonElement> WaitForEndAsync(string job)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (true)
        {
            var found = (await OkAsync("DescribeJobs", $$"""{"jobs":["{{job}}"]}""")).GetProperty("jobs")[0];
            if (found.GetProperty("status").GetString() is "SUCCEEDED" or "FAILED")
            {
                return found;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
