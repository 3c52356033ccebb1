using System.CommandLine;
using System.Text.Json;
using BatchEmulator.Hosting.Control;

namespace BatchEmulator.Server.Commands;

/// <summary><c>batch-emulator health</c>: queries the condition of a running server, e.g. for the health check of a container.</summary>
internal static class HealthCommand
{
    private const int Unhealthy = 1;

    /// <summary>Docker and others end a check that exceeds their time limit, without the line that states the reason.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public static Command Create(SettingOptions options)
    {
        var url = new ServerUrl();
        var command = new Command(
            "health", "Asks a running server for its condition: prints one line, and ends with 0 if the server can be used, else with 1.");
        url.AddTo(command);
        command.SetAction(options, (settings, _, result, _) => CheckAsync(url.Of(result, settings), Console.Out));
        return command;
    }

    /// <summary>Writes the condition of a server as one line.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> CheckAsync(Uri server, TextWriter output)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var response = await client.GetAsync(new Uri(server, $"{ControlEndpoint.Prefix}/health"));
            var health = JsonSerializer.Deserialize(await response.Content.ReadAsStringAsync(), ControlJson.Default.Health);
            await output.WriteLineAsync(health?.Parts is { } parts ? LineOf(health.Status, parts) : NotAnEmulator(server));
            return response.IsSuccessStatusCode && health?.Parts is not null ? 0 : Unhealthy;
        }
        catch (OperationCanceledException)
        {
            await output.WriteLineAsync($"{server} has not answered within {Patience.TotalSeconds:0} seconds.");
        }
        catch (HttpRequestException exception)
        {
            await output.WriteLineAsync($"{server} does not answer: {exception.Message}");
        }
        catch (JsonException)
        {
            await output.WriteLineAsync(NotAnEmulator(server));
        }

        return Unhealthy;
    }

    /// <summary>Status, and the problem if there is any.</summary>
    private static string LineOf(string status, HealthParts parts)
    {
        var errors = parts.All.Select(part => part.Error).OfType<string>().ToList();
        return errors.Count == 0 ? status : $"{status}: {string.Join(' ', errors)}".ReplaceLineEndings(" ");
    }

    private static string NotAnEmulator(Uri server) => $"{server} is not a Batch Emulator.";
}
