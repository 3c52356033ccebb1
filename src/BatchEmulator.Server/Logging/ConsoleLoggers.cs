using BatchEmulator.Server.Settings;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace BatchEmulator.Server.Logging;

/// <summary>Creates the console loggers of the server; without the container that the logging builder would require.</summary>
internal static class ConsoleLoggers
{
    public static ILoggerFactory Create(ServerSettings settings)
    {
        var filters = new LoggerFilterOptions { MinLevel = settings.LogLevel };
        var frameworkLevel = settings.LogLevel < LogLevel.Information ? settings.LogLevel : LogLevel.Warning;
        filters.Rules.Add(new LoggerFilterRule(providerName: null, "Microsoft", frameworkLevel, filter: null));
        var isJson = settings.LogFormat == "json";
        var options = new ConsoleLoggerOptions
        {
            FormatterName = isJson ? ConsoleFormatterNames.Json : TextLogFormatter.FormatterName,
            // A reader that does not keep up loses log lines (the log reports how many), but does not block jobs.
            QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite,
        };
        // Without other formatters, the provider has those of the framework.
        ConsoleFormatter[] formatters = isJson ? [] : [new TextLogFormatter()];
        return new LoggerFactory([new ConsoleLoggerProvider(new FixedOptions(options), formatters)], filters);
    }

    private sealed class FixedOptions(ConsoleLoggerOptions options) : IOptionsMonitor<ConsoleLoggerOptions>
    {
        public ConsoleLoggerOptions CurrentValue => options;

        public ConsoleLoggerOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<ConsoleLoggerOptions, string?> listener) => null;
    }
}
