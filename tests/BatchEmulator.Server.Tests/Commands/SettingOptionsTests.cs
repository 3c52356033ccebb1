using System.CommandLine;
using BatchEmulator.Server.Commands;
using BatchEmulator.Server.Settings;

namespace BatchEmulator.Server.Tests.Commands;

public sealed class SettingOptionsTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Setting_that_is_not_on_the_command_line_comes_from_the_configuration_file()
    {
        File.WriteAllText(_file, """{"bootstrap":true,"ephemeral":"true","port":0,"job-env":["A=b"]}""");

        var settings = Read("--config", _file);

        settings.Should().Match<ServerSettings>(s => s.Bootstrap && s.Ephemeral && s.Port == 0 && s.JobEnv.Count == 1);
    }

    [Fact]
    public void Command_line_comes_before_the_configuration_file()
    {
        File.WriteAllText(_file, """{"bootstrap":true,"strict":false,"port":1}""");

        var settings = Read("--config", _file, "--bootstrap", "false", "--strict", "--port", "0");

        settings.Should().Match<ServerSettings>(s => !s.Bootstrap && s.Strict && s.Port == 0);
    }

    [Fact]
    public void Setting_that_is_nowhere_has_its_default()
    {
        var settings = Read();

        settings.Should().Match<ServerSettings>(s => !s.Bootstrap && !s.Ephemeral && s.Port == 22824);
    }

    private static ServerSettings Read(params string[] arguments)
    {
        var options = new SettingOptions();
        var command = new RootCommand();
        options.AddTo(command);
        return ServerSettings.Read(options.SourceOf(command.Parse(arguments)));
    }
}
