// SPDX-License-Identifier: GPL-3.0-or-later
// Below run(), Lua leaves functions by longjmp: nothing there may need a destructor.
#include "gitops/script/luahealth.h"

#include "gitops/script/worker.h"

extern "C" {
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
}

#include <cstdlib>
#include <ctime>

namespace gitops::script {

namespace {

constexpr std::size_t kMemory = 64u << 20;
constexpr int kDepth = 200;
constexpr int kStepsBetweenLooks = 10'000;

struct Call
{
    const std::string& script;
    bool openLibraries;
    jv object;
    jv answer = jv_invalid();
};

struct Memory
{
    std::size_t used = 0;
};

void* allocate(void* data, void* block, std::size_t before, std::size_t after)
{
    Memory& memory = *static_cast<Memory*>(data);
    if (after == 0) {
        std::free(block);
        memory.used -= block ? before : 0;
        return nullptr;
    }
    const std::size_t used = memory.used - (block ? before : 0) + after;
    if (used > kMemory)
        return nullptr;
    void* moved = std::realloc(block, after);
    if (moved)
        memory.used = used;
    return moved;
}

std::clock_t g_end = 0; ///< of processor time, for the script that runs

void stopWhenLate(lua_State* state, lua_Debug*)
{
    if (std::clock() > g_end)
        luaL_error(state, "it takes longer than %d s", kSeconds);
}

/// Borrows the value.
void push(lua_State* state, jv value, int depth)
{
    luaL_checkstack(state, 4, "the object is nested too deeply");
    if (depth > kDepth)
        luaL_error(state, "the object is nested too deeply");
    switch (jv_get_kind(value)) {
    case JV_KIND_TRUE:
    case JV_KIND_FALSE:
        lua_pushboolean(state, jv_get_kind(value) == JV_KIND_TRUE);
        return;
    case JV_KIND_NUMBER:
        lua_pushnumber(state, jv_number_value(value));
        return;
    case JV_KIND_STRING:
        lua_pushlstring(state, jv_string_value(value),
                        std::size_t(jv_string_length_bytes(jv_copy(value))));
        return;
    case JV_KIND_ARRAY: {
        const int length = jv_array_length(jv_copy(value));
        lua_createtable(state, length, 0);
        for (int i = 0; i < length; ++i) {
            const jv item = jv_array_get(jv_copy(value), i);
            jv_free(item); // the array keeps it
            push(state, item, depth + 1);
            lua_rawseti(state, -2, i + 1);
        }
        return;
    }
    case JV_KIND_OBJECT:
        lua_newtable(state);
        for (int i = jv_object_iter(value); jv_object_iter_valid(value, i);
             i = jv_object_iter_next(value, i)) {
            const jv key = jv_object_iter_key(value, i);
            const jv item = jv_object_iter_value(value, i);
            jv_free(key); // the object keeps both
            jv_free(item);
            push(state, key, depth + 1);
            push(state, item, depth + 1);
            lua_rawset(state, -3);
        }
        return;
    default:
        lua_pushnil(state);
    }
}

void keepOnly(lua_State* state, const char* library, const char* const* names)
{
    lua_newtable(state);
    lua_getglobal(state, library);
    for (; *names; ++names) {
        lua_getfield(state, -1, *names);
        lua_setfield(state, -3, *names);
    }
    lua_pop(state, 1);
    lua_setglobal(state, library);
}

void open(lua_State* state, const char* name, lua_CFunction library)
{
    lua_pushcfunction(state, library);
    lua_pushstring(state, name);
    lua_call(state, 1, 0);
}

void openLibraries(lua_State* state, bool all)
{
    open(state, "", luaopen_base);
    open(state, LUA_TABLIBNAME, luaopen_table);
    open(state, LUA_STRLIBNAME, luaopen_string);
    open(state, LUA_MATHLIBNAME, luaopen_math);
    open(state, LUA_OSLIBNAME, luaopen_os);
    static constexpr const char* harmless[] = {"time", "date", "clock", "difftime", nullptr};
    keepOnly(state, LUA_OSLIBNAME, harmless);
    for (const char* name :
         {"dofile", "loadfile", "load", "loadstring", "collectgarbage", "newproxy", "print"}) {
        lua_pushnil(state);
        lua_setglobal(state, name);
    }
    lua_getglobal(state, LUA_STRLIBNAME);
    lua_pushnil(state);
    lua_setfield(state, -2, "dump");
    lua_pop(state, 1);
    if (!all) {
        lua_pushnil(state);
        lua_setglobal(state, "coroutine");
    }
}

/// A member of the table on top as text; anything else than text counts as empty.
jv member(lua_State* state, const char* name)
{
    lua_getfield(state, -1, name);
    std::size_t size = 0;
    const char* text = lua_type(state, -1) == LUA_TSTRING ? lua_tolstring(state, -1, &size) : "";
    const jv result = jv_string_sized(text, int(size));
    lua_pop(state, 1);
    return result;
}

int runProtected(lua_State* state)
{
    Call& call = *static_cast<Call*>(lua_touserdata(state, 1));
    openLibraries(state, call.openLibraries);
    push(state, call.object, 0);
    lua_setglobal(state, "obj");
    if (luaL_loadbuffer(state, call.script.data(), call.script.size(), "=health.lua") != 0)
        return lua_error(state);
    lua_sethook(state, stopWhenLate, LUA_MASKCOUNT, kStepsBetweenLooks);
    lua_call(state, 0, 1);
    if (lua_isnil(state, -1)) {
        call.answer = jv_object();
        return 0;
    }
    if (!lua_istable(state, -1))
        return luaL_error(state, "it returned a %s, not a table with status and message",
                          luaL_typename(state, -1));
    call.answer = jv_object();
    call.answer = jv_object_set(call.answer, jv_string("status"), member(state, "status"));
    call.answer = jv_object_set(call.answer, jv_string("message"), member(state, "message"));
    return 0;
}

jv error(const char* text)
{
    return jv_object_set(jv_object(), jv_string("error"), jv_string(text));
}

} // namespace

jv luaHealth(const std::string& script, bool openLibraries, jv object)
{
    Call call {script, openLibraries, object};
    if (!script.empty() && script.front() == LUA_SIGNATURE[0]) {
        jv_free(object);
        return error("it is compiled code, not text");
    }
    Memory memory;
    lua_State* state = lua_newstate(allocate, &memory);
    if (!state) {
        jv_free(object);
        return error("Lua has not enough memory");
    }
    g_end = std::clock() + kSeconds * CLOCKS_PER_SEC;
    if (lua_cpcall(state, runProtected, &call) != 0) {
        const char* text = lua_tostring(state, -1);
        jv_free(call.answer);
        call.answer = error(text ? text : "it fails without a word");
    }
    lua_close(state);
    jv_free(object);
    return call.answer;
}

} // namespace gitops::script
