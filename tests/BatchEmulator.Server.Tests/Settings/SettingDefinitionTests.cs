using System.Reflection;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Tests.Settings;

public sealed class SettingDefinitionTests
{
    /// <summary>Examples of settings, none of which is the default.</summary>
    public static TheoryData<string, string> Values => new()
    {
        { "host", "::1" },
        { "port", "0" },
        { "data", "elsewhere" },
        { "ephemeral", "true" },
        { "storage", "litedb" },
        { "executor", "process" },
        { "region", "eu-west-3" },
        { "account", "123456789012" },
        { "bootstrap", "on" },
        { "job-env", "A=b=c" },
        { "host-vcpus", "0.5" },
        { "host-memory", "4" },
        { "capacity", "vcpus" },
        { "scale-up-delay", "30" },
        { "scale-down-delay", "300" },
        { "spot-discount", "70" },
        { "resource-delay", "0" },
        { "allowed-hosts", "batch.example" },
        { "retention", "0.5" },
        { "events-webhook", "http://127.0.0.1:1/" },
        { "events-endpoint", "https://127.0.0.1:1/" },
        { "secrets-endpoint", "http://127.0.0.1:1/" },
        { "strict", "1" },
        { "log-level", "trace" },
        { "log-format", "json" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Setting_fills_only_the_member_of_its_name(string name, string value)
    {
        var (defaults, given) = (Read(), Read((name, value)));

        var changed = Members()
            .Where(member => !Equals(member.GetValue(given), member.GetValue(defaults)) && !AreEmpty(member, given, defaults));
        changed.Select(member => member.Name).Should()
            .Equal(name.Split('-').Aggregate("", (all, word) => all + char.ToUpperInvariant(word[0]) + word[1..]));
    }

    [Fact]
    public void Every_member_has_a_setting_and_every_setting_a_value_here()
    {
        Members().Should().HaveCount(SettingDefinition.All.Count);
        Values.Select(row => row.Data.Item1).Should().Equal(SettingDefinition.All.Select(setting => setting.Name));
    }

    [Theory]
    [InlineData("port", "65536", "--port must be a whole number from 0 to 65535, got \"65536\".")]
    [InlineData("port", "", "--port must be a whole number from 0 to 65535, got \"\".")]
    [InlineData("executor", "nope", "--executor must be one of auto, docker, process, simulated, got \"nope\".")]
    [InlineData("account", "1", "--account must be 12 digits, got \"1\".")]
    [InlineData("region", "US", "--region must be a Region such as us-east-1, got \"US\".")]
    [InlineData("job-env", "=x", "--job-env must be NAME=VALUE, got \"=x\".")]
    [InlineData("host-vcpus", "-1", "--host-vcpus must be a number from 0.001 to 1000000, got \"-1\".")]
    [InlineData("strict", "maybe", "--strict must be true or false, got \"maybe\".")]
    [InlineData("events-webhook", "ftp://x/", "--events-webhook must be a URL such as http://127.0.0.1:4566/, got \"ftp://x/\".")]
    [InlineData("log-level", "loud", "--log-level must be one of info, trace, debug, warning, error, got \"loud\".")]
    public void Invalid_value_is_refused(string name, string value, string message) =>
        FluentActions.Invoking(() => Read((name, value))).Should().Throw<SettingsException>().WithMessage(message);

    private static IEnumerable<PropertyInfo> Members() => typeof(ServerSettings).GetProperties();

    /// <summary>Asserts equality; each parse creates new lists.</summary>
    private static bool AreEmpty(PropertyInfo member, params ServerSettings[] settings) =>
        settings.All(each => member.GetValue(each) is System.Collections.ICollection { Count: 0 });

    private static ServerSettings Read(params (string Name, string Value)[] given) => ServerSettings.Read(new SettingSource(
        setting => [.. given.Where(value => value.Name == setting.Name).Select(value => value.Value)],
        _ => null,
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal)));
}
