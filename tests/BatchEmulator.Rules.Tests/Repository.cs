using System.Reflection;
using System.Runtime.CompilerServices;

namespace BatchEmulator.Rules.Tests;

/// <summary>The repository and the assemblies that are built from it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The assemblies of all projects under tests/.</summary>
    public static IReadOnlyList<Assembly> TestAssemblies { get; } =
    [..
        from project in Directory.GetDirectories(Path.Combine(Root, "tests"))
        from file in Directory.GetFiles(project, "*.csproj")
        select Assembly.Load(Path.GetFileNameWithoutExtension(file)),
    ];

    /// <summary>The assemblies of the product that the tests use.</summary>
    public static IReadOnlyList<Assembly> ProductAssemblies { get; } =
    [..
        TestAssemblies.SelectMany(assembly => assembly.GetReferencedAssemblies())
            .Where(name => name.Name!.Contains("emulator", StringComparison.OrdinalIgnoreCase))
            .Select(Assembly.Load).Except(TestAssemblies).Distinct(),
    ];

    private static string FindRoot([CallerFilePath] string path = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", ".."));
}
