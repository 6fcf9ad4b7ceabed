// Written by `npm run types`.
export interface paths {
    "/v1/session": {
        parameters: object;
        get: operations["GET_v1_session"];
        post: operations["POST_v1_session"];
        delete: operations["DELETE_v1_session"];
    };
    "/v1/tokens": {
        parameters: object;
        get: operations["GET_v1_tokens"];
        post: operations["POST_v1_tokens"];
    };
    "/v1/tokens/{token}": {
        parameters: object;
        delete: operations["DELETE_v1_tokens_token"];
    };
    "/v1/users": {
        parameters: object;
        get: operations["GET_v1_users"];
        post: operations["POST_v1_users"];
    };
    "/v1/users/me/password": {
        parameters: object;
        put: operations["PUT_v1_users_me_password"];
    };
    "/v1/users/{user}": {
        parameters: object;
        get: operations["GET_v1_users_user"];
        delete: operations["DELETE_v1_users_user"];
        patch: operations["PATCH_v1_users_user"];
    };
    "/v1/groups": {
        parameters: object;
        get: operations["GET_v1_groups"];
        post: operations["POST_v1_groups"];
    };
    "/v1/groups/{group}": {
        parameters: object;
        get: operations["GET_v1_groups_group"];
        delete: operations["DELETE_v1_groups_group"];
        patch: operations["PATCH_v1_groups_group"];
    };
    "/v1/groups/{group}/members": {
        parameters: object;
        get: operations["GET_v1_groups_group_members"];
    };
    "/v1/groups/{group}/members/{user}": {
        parameters: object;
        delete: operations["DELETE_v1_groups_group_members_user"];
    };
    "/v1/groups/{group}/grants": {
        parameters: object;
        get: operations["GET_v1_groups_group_grants"];
        post: operations["POST_v1_groups_group_grants"];
    };
    "/v1/groups/{group}/grants/{user}/{permission}": {
        parameters: object;
        delete: operations["DELETE_v1_groups_group_grants_user_permission"];
    };
    "/v1/groups/{group}/assignments": {
        parameters: object;
        get: operations["GET_v1_groups_group_assignments"];
    };
    "/v1/groups/{group}/assignments/{pool}": {
        parameters: object;
        put: operations["PUT_v1_groups_group_assignments_pool"];
        delete: operations["DELETE_v1_groups_group_assignments_pool"];
    };
    "/v1/media/{media}": {
        parameters: object;
        get: operations["GET_v1_media_media"];
        delete: operations["DELETE_v1_media_media"];
        patch: operations["PATCH_v1_media_media"];
    };
    "/v1/media/{media}/deletion": {
        parameters: object;
        get: operations["GET_v1_media_media_deletion"];
    };
    "/v1/trash": {
        parameters: object;
        get: operations["GET_v1_trash"];
        delete: operations["DELETE_v1_trash"];
    };
    "/v1/trash/{media}": {
        parameters: object;
        delete: operations["DELETE_v1_trash_media"];
    };
    "/v1/trash/{media}/restore": {
        parameters: object;
        post: operations["POST_v1_trash_media_restore"];
    };
    "/v1/media/{media}/links": {
        parameters: object;
        get: operations["GET_v1_media_media_links"];
        post: operations["POST_v1_media_media_links"];
    };
    "/v1/media/{media}/links/{link}": {
        parameters: object;
        delete: operations["DELETE_v1_media_media_links_link"];
    };
    "/v1/groups/{group}/usage": {
        parameters: object;
        get: operations["GET_v1_groups_group_usage"];
    };
    "/v1/groups/{group}/usage/{pool}/entries": {
        parameters: object;
        get: operations["GET_v1_groups_group_usage_pool_entries"];
    };
    "/v1/media": {
        parameters: object;
        get: operations["GET_v1_media"];
        post: operations["POST_v1_media"];
    };
    "/v1/media/check": {
        parameters: object;
        post: operations["POST_v1_media_check"];
    };
    "/v1/media/{media}/clone": {
        parameters: object;
        post: operations["POST_v1_media_media_clone"];
    };
    "/v1/media/{media}/content": {
        parameters: object;
        get: operations["GET_v1_media_media_content"];
    };
    "/v1/imports": {
        parameters: object;
        post: operations["POST_v1_imports"];
    };
    "/v1/jobs": {
        parameters: object;
        get: operations["GET_v1_jobs"];
    };
    "/v1/jobs/{job}": {
        parameters: object;
        get: operations["GET_v1_jobs_job"];
        delete: operations["DELETE_v1_jobs_job"];
    };
    "/v1/uploads": {
        parameters: object;
        get: operations["GET_v1_uploads"];
    };
    "/v1/uploads/{upload}": {
        parameters: object;
        delete: operations["DELETE_v1_uploads_upload"];
    };
    "/v1/library": {
        parameters: object;
        get: operations["GET_v1_library"];
    };
    "/v1/library/{media}/clone": {
        parameters: object;
        post: operations["POST_v1_library_media_clone"];
    };
    "/v1/audit": {
        parameters: object;
        get: operations["GET_v1_audit"];
    };
    "/v1/system": {
        parameters: object;
        get: operations["GET_v1_system"];
    };
}
export interface operations {
    GET_v1_session: {
        parameters: object;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        home: number | null;
                        groups: {
                            id: number;
                            parent: number;
                            name: string;
                            permissions: string[];
                        }[];
                    };
                };
            };
        };
    };
    POST_v1_session: {
        parameters: object;
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    password: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        user: {
                            id: number;
                            name: string;
                        };
                        /** Format: date-time */
                        expires_at: string;
                    };
                };
            };
        };
    };
    DELETE_v1_session: {
        parameters: object;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_tokens: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created";
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            /** @enum {string} */
                            scope: "read" | "write" | "admin";
                            groups: number[] | null;
                            /** Format: date-time */
                            created_at: string;
                            expires_at: string | null;
                            last_used_at: string | null;
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    POST_v1_tokens: {
        parameters: object;
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    /** @enum {string} */
                    scope: "read" | "write" | "admin";
                    /** @default null */
                    groups?: number[] | null;
                    /** @default null */
                    expires_at?: string | null;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        /** @enum {string} */
                        scope: "read" | "write" | "admin";
                        groups: number[] | null;
                        /** Format: date-time */
                        created_at: string;
                        expires_at: string | null;
                        last_used_at: string | null;
                        token: string;
                    };
                };
            };
        };
    };
    DELETE_v1_tokens_token: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                token: string;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_users: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created" | "name" | "-name";
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: number;
                            name: string;
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    POST_v1_users: {
        parameters: {
            header?: {
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    password: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                    };
                };
            };
        };
    };
    PUT_v1_users_me_password: {
        parameters: object;
        requestBody: {
            content: {
                "application/json": {
                    current: string;
                    password: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_users_user: {
        parameters: {
            path: {
                user: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        home: number | null;
                        groups: {
                            id: number;
                            parent: number;
                            name: string;
                            permissions: string[];
                        }[];
                    };
                };
            };
        };
    };
    DELETE_v1_users_user: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                user: number;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    PATCH_v1_users_user: {
        parameters: {
            path: {
                user: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    home: number;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_groups: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created" | "name" | "-name";
                parent?: number | string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: number;
                            name: string;
                            parent: number;
                            path: number[];
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    POST_v1_groups: {
        parameters: {
            header?: {
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    parent: number;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        parent: number;
                        path: number[];
                    };
                };
            };
        };
    };
    GET_v1_groups_group: {
        parameters: {
            path: {
                group: number;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        parent: number;
                        path: number[];
                    };
                };
            };
        };
    };
    DELETE_v1_groups_group: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                group: number;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    PATCH_v1_groups_group: {
        parameters: {
            path: {
                group: number;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        parent: number;
                        path: number[];
                    };
                };
            };
        };
    };
    GET_v1_groups_group_members: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created" | "name" | "-name";
            };
            path: {
                group: number;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: number;
                            name: string;
                            permissions: string[];
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    DELETE_v1_groups_group_members_user: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                group: number;
                user: string;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_groups_group_grants: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created" | "name" | "-name";
            };
            path: {
                group: number;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: number;
                            name: string;
                            grants: {
                                permission: string;
                                group: number;
                            }[];
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    POST_v1_groups_group_grants: {
        parameters: {
            path: {
                group: number;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    user: number;
                    permission: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    DELETE_v1_groups_group_grants_user_permission: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                group: number;
                user: string;
                permission: string;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_groups_group_assignments: {
        parameters: {
            path: {
                group: number;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            pool: number;
                            name: string;
                            write: boolean;
                            manage: boolean;
                            quota: number;
                            used_bytes: number;
                            available_bytes: number | null;
                        }[];
                        next_cursor: null;
                    };
                };
            };
        };
    };
    PUT_v1_groups_group_assignments_pool: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                group: number;
                pool: number;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default 0 */
                    quota?: number;
                    write: boolean;
                    manage: boolean;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    DELETE_v1_groups_group_assignments_pool: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                group: number;
                pool: number;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_media_media: {
        parameters: {
            path: {
                media: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        group: number;
                        pool: number;
                        type: string;
                        size: number;
                        stored_bytes: number | null;
                        read_only: boolean;
                        protected: boolean;
                        /** @enum {string} */
                        state: "creating" | "uploading" | "cloning" | "resizing" | "ready";
                        format: string | null;
                        virtual_size: number | null;
                        volume_label: string | null;
                        encrypted: boolean | null;
                        sha256: string | null;
                        in_use: boolean;
                        /** Format: date-time */
                        created_at: string;
                        created_by: {
                            id: number;
                            name: string;
                        } | null;
                        description: string | null;
                        tags: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                        }[];
                        origin: {
                            kind: ("upload" | "create" | "clone" | "import" | "library") | null;
                            media: string | null;
                            url: string | null;
                            checksum: string | null;
                            by: {
                                id: number;
                                name: string;
                            } | null;
                            /** Format: date-time */
                            at: string;
                            through: string | null;
                        };
                        used_by: {
                            servers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                            }[];
                            count: number;
                        };
                        clones: string[];
                        verified_at: string | null;
                        damaged: boolean;
                    };
                };
            };
        };
    };
    DELETE_v1_media_media: {
        parameters: {
            query?: {
                permanent?: "true" | "false";
                dry_run?: "true" | "false";
            };
            path: {
                media: string;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    PATCH_v1_media_media: {
        parameters: {
            path: {
                media: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                    type?: string;
                    description?: string | null;
                    tags?: string[];
                    read_only?: boolean;
                    protected?: boolean;
                    size?: number | string;
                    group?: number | string;
                    pool?: number | string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        group: number;
                        pool: number;
                        type: string;
                        size: number;
                        stored_bytes: number | null;
                        read_only: boolean;
                        protected: boolean;
                        /** @enum {string} */
                        state: "creating" | "uploading" | "cloning" | "resizing" | "ready";
                        format: string | null;
                        virtual_size: number | null;
                        volume_label: string | null;
                        encrypted: boolean | null;
                        sha256: string | null;
                        in_use: boolean;
                        /** Format: date-time */
                        created_at: string;
                        created_by: {
                            id: number;
                            name: string;
                        } | null;
                        description: string | null;
                        tags: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                        }[];
                        origin: {
                            kind: ("upload" | "create" | "clone" | "import" | "library") | null;
                            media: string | null;
                            url: string | null;
                            checksum: string | null;
                            by: {
                                id: number;
                                name: string;
                            } | null;
                            /** Format: date-time */
                            at: string;
                            through: string | null;
                        };
                        used_by: {
                            servers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                            }[];
                            count: number;
                        };
                        clones: string[];
                        verified_at: string | null;
                        damaged: boolean;
                    } | {
                        /** Format: uuid */
                        id: string;
                    };
                };
            };
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        operation: "clone" | "unshare" | "import" | "move";
                        /** @enum {string} */
                        state: "running" | "done" | "failed";
                        failure: string | null;
                        failure_detail: string | null;
                        source: string | null;
                        /** Format: uuid */
                        media: string;
                        group: number | null;
                        phase: ("connecting" | "downloading" | "verifying") | null;
                        copied_bytes: number;
                        total_bytes: number;
                        rate: number | null;
                        estimated_end_at: string | null;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        modified_at: string;
                        created_by: {
                            id: number;
                            name: string;
                        } | null;
                    };
                };
            };
        };
    };
    GET_v1_media_media_deletion: {
        parameters: {
            path: {
                media: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deletable: boolean;
                        protected: boolean;
                        servers: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            owner: string;
                        }[];
                        server_count: number;
                        clones: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                        }[];
                        clone_count: number;
                        charge_freed: number;
                        bytes_freed: number;
                    };
                };
            };
        };
    };
    GET_v1_trash: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "trashed" | "-trashed" | "name" | "-name" | "size" | "-size";
                group?: string;
                subtree?: "true" | "false";
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            group: number;
                            pool: number;
                            type: string;
                            size: number;
                            /** Format: date-time */
                            trashed_at: string;
                            /** Format: uuid */
                            trashed_by: string;
                            /** Format: date-time */
                            expires_at: string;
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    DELETE_v1_trash: {
        parameters: {
            query?: {
                group?: string;
                subtree?: "true" | "false";
                dry_run?: "true" | "false";
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        deleted: number;
                    };
                };
            };
        };
    };
    DELETE_v1_trash_media: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                media: string;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    POST_v1_trash_media_restore: {
        parameters: {
            path: {
                media: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    name?: string;
                };
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_media_media_links: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created";
            };
            path: {
                media: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** Format: uuid */
                            creator: string;
                            networks: string[];
                            note: string;
                            /** Format: date-time */
                            created_at: string;
                            /** Format: date-time */
                            expires_at: string;
                            last_used_at: string | null;
                            bytes_served: number;
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    POST_v1_media_media_links: {
        parameters: {
            path: {
                media: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    expires_in: number;
                    /** @default [] */
                    networks?: string[];
                    /** @default  */
                    note?: string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** Format: uuid */
                        creator: string;
                        networks: string[];
                        note: string;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        expires_at: string;
                        last_used_at: string | null;
                        bytes_served: number;
                        url: string;
                    };
                };
            };
        };
    };
    DELETE_v1_media_media_links_link: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                media: string;
                link: string;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_groups_group_usage: {
        parameters: {
            path: {
                group: number;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            pool: {
                                id: number;
                                name: string;
                            };
                            quota_bytes: number | null;
                            bound_by: {
                                group: number | null;
                                limit_bytes: number;
                            } | null;
                            available_bytes: number | null;
                            warning: (80 | 95) | null;
                            used: {
                                total_bytes: number;
                                ready_bytes: number;
                                uploading_bytes: number;
                                cloning_bytes: number;
                                importing_bytes: number;
                                moving_bytes: number;
                                trashed_bytes: number;
                            };
                            items: number;
                            difference_bytes: number;
                            whole: {
                                capacity_bytes: number | null;
                                used_bytes: number;
                                free_bytes: number | null;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    GET_v1_groups_group_usage_pool_entries: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "size" | "-size";
            };
            path: {
                group: number;
                pool: number;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            kind: "ready" | "uploading" | "cloning" | "importing" | "moving" | "trashed";
                            size: number;
                            name: string;
                            type: string;
                            group: number;
                            /** Format: date-time */
                            created_at: string;
                            created_by: {
                                id: number;
                                name: string;
                            } | null;
                        }[];
                        next_cursor: string | null;
                        total?: number;
                        used_bytes: number;
                    };
                };
            };
        };
    };
    GET_v1_media: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created" | "name" | "-name" | "size" | "-size";
                group?: number | string;
                subtree?: "true" | "false";
                pool?: number | string;
                type?: string;
                format?: "raw" | "iso" | "qcow2" | "vmdk" | "vdi" | "vhd" | "vhdx" | "qed" | "parallels" | "bochs" | "luks" | "gzip" | "bzip2" | "xz" | "zstd";
                q?: string;
                state?: "creating" | "uploading" | "cloning" | "resizing" | "ready";
                sha256?: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            group: number;
                            pool: number;
                            type: string;
                            size: number;
                            stored_bytes: number | null;
                            read_only: boolean;
                            protected: boolean;
                            /** @enum {string} */
                            state: "creating" | "uploading" | "cloning" | "resizing" | "ready";
                            format: string | null;
                            virtual_size: number | null;
                            volume_label: string | null;
                            encrypted: boolean | null;
                            sha256: string | null;
                            in_use: boolean;
                            /** Format: date-time */
                            created_at: string;
                            created_by: {
                                id: number;
                                name: string;
                            } | null;
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    POST_v1_media: {
        parameters: {
            header?: {
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    group: number | string;
                    pool: number | string;
                    type?: string;
                    size: number | string;
                };
            };
        };
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        name: string;
                        group: number;
                        pool: number;
                        type: string;
                        size: number;
                        stored_bytes: number | null;
                        read_only: boolean;
                        protected: boolean;
                        /** @enum {string} */
                        state: "creating" | "uploading" | "cloning" | "resizing" | "ready";
                        format: string | null;
                        virtual_size: number | null;
                        volume_label: string | null;
                        encrypted: boolean | null;
                        sha256: string | null;
                        in_use: boolean;
                        /** Format: date-time */
                        created_at: string;
                        created_by: {
                            id: number;
                            name: string;
                        } | null;
                        description: string | null;
                        tags: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                        }[];
                        origin: {
                            kind: ("upload" | "create" | "clone" | "import" | "library") | null;
                            media: string | null;
                            url: string | null;
                            checksum: string | null;
                            by: {
                                id: number;
                                name: string;
                            } | null;
                            /** Format: date-time */
                            at: string;
                            through: string | null;
                        };
                        used_by: {
                            servers: {
                                /** Format: uuid */
                                id: string;
                                name: string;
                            }[];
                            count: number;
                        };
                        clones: string[];
                        verified_at: string | null;
                        damaged: boolean;
                    } | {
                        /** Format: uuid */
                        id: string;
                    };
                };
            };
        };
    };
    POST_v1_media_check: {
        parameters: object;
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    group: number | string;
                    pool: number | string;
                    type: string;
                    size: number | string;
                    sha256?: string;
                    head?: string;
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        ok: boolean;
                        name: {
                            ok: boolean;
                            code: string | null;
                        };
                        permission: {
                            ok: boolean;
                            code: string | null;
                        };
                        quota: {
                            ok: boolean;
                            code: string | null;
                            needed_bytes: number;
                            available_bytes: number | null;
                            bound_by: number | null;
                        };
                        pool: {
                            ok: boolean;
                            code: string | null;
                            free_bytes: number | null;
                        };
                        format: {
                            ok: boolean;
                            code: string | null;
                            format: string | null;
                            virtual_size: number | null;
                            volume_label: string | null;
                        } | null;
                        already_here: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            group: number;
                            pool: number;
                            type: string;
                            size: number;
                            stored_bytes: number | null;
                            read_only: boolean;
                            protected: boolean;
                            /** @enum {string} */
                            state: "creating" | "uploading" | "cloning" | "resizing" | "ready";
                            format: string | null;
                            virtual_size: number | null;
                            volume_label: string | null;
                            encrypted: boolean | null;
                            sha256: string | null;
                            in_use: boolean;
                            /** Format: date-time */
                            created_at: string;
                            created_by: {
                                id: number;
                                name: string;
                            } | null;
                        }[];
                    };
                };
            };
        };
    };
    POST_v1_media_media_clone: {
        parameters: {
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                media: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    group?: number | string;
                    pool?: number | string;
                    type?: string;
                    size?: number | string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        operation: "clone" | "unshare" | "import" | "move";
                        /** @enum {string} */
                        state: "running" | "done" | "failed";
                        failure: string | null;
                        failure_detail: string | null;
                        source: string | null;
                        /** Format: uuid */
                        media: string;
                        group: number | null;
                        phase: ("connecting" | "downloading" | "verifying") | null;
                        copied_bytes: number;
                        total_bytes: number;
                        rate: number | null;
                        estimated_end_at: string | null;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        modified_at: string;
                        created_by: {
                            id: number;
                            name: string;
                        } | null;
                    };
                };
            };
        };
    };
    GET_v1_media_media_content: {
        parameters: {
            path: {
                media: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
            206: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": unknown;
                };
            };
        };
    };
    POST_v1_imports: {
        parameters: {
            header?: {
                "idempotency-key"?: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    url: string;
                    name?: string;
                    group: number | string;
                    pool?: number | string;
                    type?: string;
                    read_only?: boolean;
                    checksum?: string;
                    checksum_url?: string;
                    size?: number | string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        operation: "clone" | "unshare" | "import" | "move";
                        /** @enum {string} */
                        state: "running" | "done" | "failed";
                        failure: string | null;
                        failure_detail: string | null;
                        source: string | null;
                        /** Format: uuid */
                        media: string;
                        group: number | null;
                        phase: ("connecting" | "downloading" | "verifying") | null;
                        copied_bytes: number;
                        total_bytes: number;
                        rate: number | null;
                        estimated_end_at: string | null;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        modified_at: string;
                        created_by: {
                            id: number;
                            name: string;
                        } | null;
                    };
                };
            };
        };
    };
    GET_v1_jobs: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created";
                state?: "running" | "done" | "failed";
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            /** @enum {string} */
                            operation: "clone" | "unshare" | "import" | "move";
                            /** @enum {string} */
                            state: "running" | "done" | "failed";
                            failure: string | null;
                            failure_detail: string | null;
                            source: string | null;
                            /** Format: uuid */
                            media: string;
                            group: number | null;
                            phase: ("connecting" | "downloading" | "verifying") | null;
                            copied_bytes: number;
                            total_bytes: number;
                            rate: number | null;
                            estimated_end_at: string | null;
                            /** Format: date-time */
                            created_at: string;
                            /** Format: date-time */
                            modified_at: string;
                            created_by: {
                                id: number;
                                name: string;
                            } | null;
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    GET_v1_jobs_job: {
        parameters: {
            path: {
                job: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        operation: "clone" | "unshare" | "import" | "move";
                        /** @enum {string} */
                        state: "running" | "done" | "failed";
                        failure: string | null;
                        failure_detail: string | null;
                        source: string | null;
                        /** Format: uuid */
                        media: string;
                        group: number | null;
                        phase: ("connecting" | "downloading" | "verifying") | null;
                        copied_bytes: number;
                        total_bytes: number;
                        rate: number | null;
                        estimated_end_at: string | null;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        modified_at: string;
                        created_by: {
                            id: number;
                            name: string;
                        } | null;
                    };
                };
            };
        };
    };
    DELETE_v1_jobs_job: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                job: string;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_uploads: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created";
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            group: number;
                            pool: number;
                            size: number;
                            offset: number;
                            /** @enum {string} */
                            state: "open" | "verifying";
                            /** Format: date-time */
                            created_at: string;
                            /** Format: date-time */
                            last_activity_at: string;
                            /** Format: date-time */
                            expires_at: string;
                            created_by: {
                                id: number;
                                name: string;
                            } | null;
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    DELETE_v1_uploads_upload: {
        parameters: {
            query?: {
                dry_run?: "true" | "false";
            };
            path: {
                upload: string;
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
            };
        };
    };
    GET_v1_library: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                total?: "true" | "false";
                sort?: "created" | "-created" | "name" | "-name" | "size" | "-size";
                os?: string;
                arch?: string;
                distribution?: string;
                version?: string;
                category?: string;
                image_type?: string;
                q?: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            /** Format: uuid */
                            id: string;
                            name: string;
                            description: string | null;
                            pool: number;
                            /** @enum {string} */
                            type: "ISO" | "DISK";
                            size: number;
                            /** Format: date-time */
                            published_at: string;
                            os: string;
                            arch: string;
                            distribution: string | null;
                            version: string | null;
                            category: string[];
                            image_type: string;
                            install_notes: string | null;
                            default_user: string | null;
                            url: string;
                            paid: boolean;
                            favourite: boolean;
                            licences: {
                                name: string;
                                amount: number;
                            }[];
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    POST_v1_library_media_clone: {
        parameters: {
            header?: {
                "idempotency-key"?: string;
            };
            path: {
                media: string;
            };
        };
        requestBody: {
            content: {
                "application/json": {
                    name: string;
                    group?: number | string;
                    pool?: number | string;
                    type?: string;
                    size?: number | string;
                };
            };
        };
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** Format: uuid */
                        id: string;
                        /** @enum {string} */
                        operation: "clone" | "unshare" | "import" | "move";
                        /** @enum {string} */
                        state: "running" | "done" | "failed";
                        failure: string | null;
                        failure_detail: string | null;
                        source: string | null;
                        /** Format: uuid */
                        media: string;
                        group: number | null;
                        phase: ("connecting" | "downloading" | "verifying") | null;
                        copied_bytes: number;
                        total_bytes: number;
                        rate: number | null;
                        estimated_end_at: string | null;
                        /** Format: date-time */
                        created_at: string;
                        /** Format: date-time */
                        modified_at: string;
                        created_by: {
                            id: number;
                            name: string;
                        } | null;
                    };
                };
            };
        };
    };
    GET_v1_audit: {
        parameters: {
            query?: {
                limit?: string;
                cursor?: string;
                sort?: "-created";
                group?: number | string;
                user?: number | string;
                pool?: number | string;
                media?: string;
                action?: string;
                result?: string;
                since?: string;
                until?: string;
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: string;
                            /** Format: date-time */
                            at: string;
                            action: string;
                            result: string;
                            channel: string;
                            address: string | null;
                            request: string | null;
                            by: {
                                id: number | null;
                                name: string | null;
                            } | null;
                            user: {
                                id: number;
                                name: string | null;
                            } | null;
                            group: {
                                id: number;
                                name: string | null;
                            } | null;
                            pool: {
                                id: number;
                                name: string | null;
                            } | null;
                            media: {
                                /** Format: uuid */
                                id: string;
                                name: string | null;
                            } | null;
                            server: {
                                /** Format: uuid */
                                id: string;
                                name: string | null;
                            } | null;
                            tag: {
                                /** Format: uuid */
                                id: string;
                                name: string | null;
                            } | null;
                            details: {
                                [key: string]: unknown;
                            };
                        }[];
                        next_cursor: string | null;
                        total?: number;
                    };
                };
            };
        };
    };
    GET_v1_system: {
        parameters: object;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: string;
                        uptime_seconds: number;
                        database: {
                            version: string;
                            size_bytes: number;
                            latency_ms: number;
                        };
                        pools: {
                            id: number;
                            name: string;
                            usable: boolean;
                            capacity_bytes: number | null;
                            used_bytes: number | null;
                            free_bytes: number | null;
                            damaged: number | null;
                        }[];
                        replicas: {
                            /** Format: uuid */
                            id: string;
                            version: string;
                            /** Format: date-time */
                            started_at: string;
                            /** Format: date-time */
                            seen_at: string;
                        }[];
                        uploads: {
                            open: number;
                            received_bytes: number;
                        } | null;
                        jobs: {
                            waiting: number;
                            running: number;
                        } | null;
                        last_doctor: {
                            /** Format: date-time */
                            ended_at: string;
                            /** @enum {string} */
                            result: "healthy" | "findings" | "incomplete";
                            findings: number;
                        } | null;
                        last_scrub: {
                            /** Format: date-time */
                            ended_at: string;
                            /** @enum {string} */
                            result: "healthy" | "findings" | "incomplete";
                            findings: number;
                        } | null;
                    };
                };
            };
        };
    };
}
