using System.CommandLine;
using System.CommandLine.Parsing;
using BatchEmulator.Server.Composition;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Commands;

/// <summary>Option of the commands that are clients of a running server: its URL.</summary>
internal sealed class ServerUrl
{
    private readonly Option<Uri?> _option = new("--url")
    {
        Description = "URL of the server [default: the address of --host and --port]",
        HelpName = "URL",
        CustomParser = UrlOf,
    };

    public void AddTo(Command command) => command.Options.Add(_option);

    /// <summary>Returns the URL on the command line, or else that of the settings.</summary>
    /// <exception cref="SettingsException">The port is unknown.</exception>
    public Uri Of(ParseResult result, ServerSettings settings) =>
        result.GetValue(_option) ?? (settings.Port != 0
            ? ReachableAddress.Of(settings.Host, settings.Port)
            : throw new SettingsException("A server with --port 0 listens on any free port: name its address with --url."));

    private static Uri? UrlOf(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
        {
            return url;
        }

        result.AddError($"--url must be a URL such as http://127.0.0.1:22824/, got \"{result.Tokens[0].Value}\".");
        return null;
    }
}
