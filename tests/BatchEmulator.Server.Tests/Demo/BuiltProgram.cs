using System.Diagnostics;
using System.Globalization;

namespace BatchEmulator.Server.Tests.Demo;

/// <summary>A run of the built program; its output is read through pipes.</summary>
internal sealed class BuiltProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private BuiltProgram(Process process) => _process = process;

    public static BuiltProgram Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "batch-emulator.dll"), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        // Settings that the owner of the machine made for other servers.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("BATCH_EMULATOR_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new BuiltProgram(Process.Start(start)!);
    }

    /// <summary>Runs the program to the end.</summary>
    public static async Task<Ending> RunAsync(string[] arguments, params (string Name, string Value)[] environment)
    {
        await using var program = Start(arguments, environment);
        return await program.EndAsync();
    }

    /// <summary>Returns the output up to and including the first line that contains a text.</summary>
    public async Task<IReadOnlyList<string>> ReadUntilAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            lines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return lines;
            }
        }

        throw new InvalidOperationException(
            $"It ended without \"{text}\": {string.Join('\n', lines)}\n{await _process.StandardError.ReadToEndAsync(patience.Token)}");
    }

    /// <param name="signal">E.g. <c>TERM</c>.</param>
    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async Task<Ending> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var output = _process.StandardOutput.ReadToEndAsync(patience.Token);
        var error = _process.StandardError.ReadToEndAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        return new Ending(_process.ExitCode, await output, await error);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}

internal sealed record Ending(int ExitCode, string Output, string Error);
