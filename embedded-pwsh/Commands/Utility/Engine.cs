using System.Reflection;

namespace EmbeddedPwsh;

/// <summary>The way to the internal members of System.Management.Automation that pwsh's own cmdlets and host use.</summary>
public static class Engine
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
    private static readonly Assembly Automation = typeof(System.Management.Automation.PSObject).Assembly;

    public static Type Type(string name) => Automation.GetType(name, throwOnError: true)!;

    public static object New(string type, params object?[] arguments) =>
        ((ConstructorInfo)Match(Type(type).GetConstructors(Any & ~BindingFlags.Static), arguments)!)
        .Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null);

    public static object? Get(object target, string property) => Find(target, type => type.GetProperty(property, Any)).GetValue(target);

    public static void Set(object target, string property, object? value)
    {
        var info = Find(target, type => type.GetProperty(property, Any));
        info.SetValue(target, info.PropertyType.IsEnum ? Enum.ToObject(info.PropertyType, value!) : value);
    }

    public static void SetField(object target, string field, object value) =>
        Find(target, type => type.GetField(field, Any)).SetValue(target, value);

    public static object? Call(object target, string method, params object?[] arguments) =>
        Invoke(Find(target, type => Match(type.GetMethods(Any).Where(m => m.Name == method), arguments)), target, arguments);

    public static object? CallStatic(string type, string method, params object?[] arguments) =>
        Invoke(Match(Type(type).GetMethods(Any).Where(m => m.Name == method), arguments)!, null, arguments);

    private static object? Invoke(MethodBase method, object? target, object?[] arguments) =>
        method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);

    private static MethodBase? Match(IEnumerable<MethodBase> candidates, object?[] arguments) => candidates.FirstOrDefault(candidate =>
    {
        var parameters = candidate.GetParameters();
        return parameters.Length == arguments.Length && parameters.Zip(arguments).All(pair =>
            pair.Second?.GetType().IsAssignableTo(pair.First.ParameterType) ?? !pair.First.ParameterType.IsValueType);
    });

    private static T Find<T>(object target, Func<Type, T?> member) where T : class
    {
        for (var type = target.GetType(); type != null; type = type.BaseType)
            if (member(type) is { } found) return found;
        throw new MissingMemberException(target.GetType().FullName);
    }
}
