using System.Globalization;
using BatchEmulator.Executors.Process;

namespace BatchEmulator.Server.Tests.Durability;

/// <summary>Processes that jobs started, by the ids that they wrote into files.</summary>
internal static class Processes
{
    /// <summary>Returns the lines of a file, once it has a number of them.</summary>
    public static async Task<IReadOnlyList<string>> LinesAsync(string file, int count)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (true)
        {
            if (File.Exists(file) && await File.ReadAllLinesAsync(file, patience.Token) is var lines && lines.Length >= count)
            {
                return lines;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    public static bool Lives(string id) => ProcessGroup.BirthOf(int.Parse(id, CultureInfo.InvariantCulture)) is not null;

    /// <summary>A killed process exists until its parent has waited for it.</summary>
    public static async Task GoneAsync(string id)
    {
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (Lives(id))
        {
            await Task.Delay(20, patience.Token);
        }
    }
}
