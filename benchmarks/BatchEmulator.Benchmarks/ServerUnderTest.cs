using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace BatchEmulator.Benchmarks;

/// <summary>A published server with its own data folder.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ProcessStartInfo _start;
    private readonly string _data;
    private Process _process;

    private ServerUnderTest(ProcessStartInfo start, Process process, string data, IPEndPoint address, TimeSpan startUp)
    {
        (_start, _process, _data, Address, StartUp) = (start, process, data, address, startUp);
    }

    public IPEndPoint Address { get; }

    /// <summary>Time from the start of the process to the first 200 of <c>/_emulator/health</c>.</summary>
    public TimeSpan StartUp { get; private set; }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Bytes of the files in its data folder.</summary>
    public long DataSize => new DirectoryInfo(_data).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public static async Task<ServerUnderTest> StartAsync(string server, string executor, params string[] more)
    {
        var data = Directory.CreateTempSubdirectory("batch-emulator-bench-").FullName;
        var address = FreeAddress();
        var start = new ProcessStartInfo(
            server,
            [
                "--port", address.Port.ToString(CultureInfo.InvariantCulture), "--data", data, "--executor", executor,
                "--log-level", "warning", .. more
            ])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment.Remove(WireConnection.InlineCompletions);
        var (process, startUp) = await StartAsync(start, address);
        return new ServerUnderTest(start, process, data, address, startUp);
    }

    /// <summary>Kills the server and starts it again on its data.</summary>
    public async Task RestartAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        (_process, StartUp) = await StartAsync(_start, Address);
    }

    /// <summary>Returns a line of <c>/proc/PID/status</c> in MiB; null if there is none.</summary>
    public double? Memory(string name)
    {
        var path = $"/proc/{_process.Id}/status";
        var line = File.Exists(path) ? File.ReadLines(path).FirstOrDefault(l => l.StartsWith(name + ":", StringComparison.Ordinal)) : null;
        return line is null
            ? null
            : double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim('\t'), CultureInfo.InvariantCulture) / 1024;
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_data, recursive: true);
    }

    private static async Task<(Process Process, TimeSpan StartUp)> StartAsync(ProcessStartInfo start, IPEndPoint address)
    {
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        while (!await IsHealthyAsync(address))
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new InvalidOperationException("The server does not start.");
            }

            await Task.Delay(1);
        }

        return (process, Stopwatch.GetElapsedTime(started));
    }

    private static async Task<bool> IsHealthyAsync(IPEndPoint address)
    {
        try
        {
            using var connection = await WireConnection.OpenAsync(address);
            return (await connection.SendAsync(WireConnection.Request(address.ToString(), "GET", "/_emulator/health", ""))).Status == 200;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static IPEndPoint FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
